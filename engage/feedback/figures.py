"""The figures that feedback shows: each priority decided on, with how many named it, if that may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.plan_export import figures as told
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome, Subject
from engage.questionnaires.models import Priority


@dataclass(frozen=True, slots=True)
class Figure:
    """A priority (or a theme of people's own words) and what became of it. None: the figure is withheld."""

    code: str
    priority: str
    outcome: Outcome
    reason: str
    mentions: int | None
    base: int | None
    share: float | None
    subject: Subject = Subject.PRIORITY
    decision_id: int = 0
    snapshot_id: int = 0
    decided_on: date | None = None
    decision_maker: str = ""
    owner: str = ""
    equality_note: str = ""

    @property
    def bar(self) -> dict[str, str | int | float | None]:
        """The figure as a line of a bar chart."""
        return {"label": self.priority, "value": self.mentions, "share": self.share}


def figures(session: Session, consultation_id: int, *, threshold: int) -> list[Figure]:
    """Return what was decided, the most named first and themes last, with small counts withheld."""
    rows = _decisions(session, consultation_id)
    safe = told.protected([decision for decision, _ in rows], threshold)
    found = [_figure(decision, label, safe[decision.id]) for decision, label in rows]
    return sorted(found, key=lambda figure: (figure.subject is Subject.THEME, told.as_told(figure.mentions)))


def _figure(decision: Decision, label: str, safe: told.Figure) -> Figure:
    return Figure(
        code=decision.priority_code,
        priority=label,
        outcome=decision.outcome,
        reason=decision.reason,
        mentions=safe.mentions.count,
        base=safe.base.count,
        share=safe.share,
        subject=decision.subject,
        decision_id=decision.id,
        snapshot_id=decision.snapshot_id,
        decided_on=decision.decided_on,
        decision_maker=decision.decision_maker,
        owner=decision.owner,
        equality_note=decision.equality_note,
    )


def _decisions(session: Session, consultation_id: int) -> list[tuple[Decision, str]]:
    statement = (
        select(Decision, Priority.label)
        .join(Consultation, Consultation.id == Decision.consultation_id)
        .outerjoin(
            Priority,
            (Priority.framework_id == Consultation.framework_id)
            & (Priority.code == Decision.priority_code)
            & (Decision.subject == Subject.PRIORITY),
        )
        .where(Decision.consultation_id == consultation_id)
        .order_by(Priority.position, Decision.id)
    )
    return [
        (decision, label or decision.label or decision.priority_code)
        for decision, label in session.execute(statement)
    ]
