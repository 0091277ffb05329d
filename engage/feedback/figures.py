"""The figures that feedback shows: each priority decided on, with how many named it, if that may be told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.disclosure import Cell, Table, protect, protect_alone, share
from engage.consultations.models import Consultation
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome, Subject
from engage.questionnaires.models import Priority

# A respondent names at most three priorities (product rule 6).
MOST_NAMED = 3


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
    by_snapshot: dict[tuple[int, int], list[int]] = defaultdict(list)
    found: dict[int, Figure] = {}
    for place, (decision, label) in enumerate(rows):
        if decision.subject is Subject.THEME:
            found[place] = _theme(decision, label, threshold)
        else:
            by_snapshot[decision.snapshot_id, decision.base].append(place)
    for (_snapshot, base), places in by_snapshot.items():
        shown = [rows[place] for place in places]
        for place, figure in zip(places, _protected(shown, base, threshold), strict=True):
            found[place] = figure
    return [found[place] for place in sorted(found)]


def _protected(rows: list[tuple[Decision, str]], base: int, threshold: int) -> list[Figure]:
    """Return the figures of decisions that share a base, protected together."""
    table = Table(
        rows=tuple(decision.priority_code for decision, _ in rows),
        columns=("all",),
        counts=tuple((decision.mentions,) for decision, _ in rows),
        bases=(base,),
        most=max(MOST_NAMED, -(-sum(decision.mentions for decision, _ in rows) // max(base, 1))),
    )
    safe = protect(table, threshold)
    [everybody] = safe.bases or ()
    return [
        _figure(decision, label, cell, everybody)
        for (decision, label), (cell,) in zip(rows, safe.cells, strict=True)
    ]


def _theme(decision: Decision, label: str, threshold: int) -> Figure:
    """Return the figure of a theme: counted by rules of its own, it adds up with nothing."""
    base = protect_alone(decision.base, threshold)
    cell = protect_alone(decision.mentions, threshold)
    return _figure(decision, label, Cell(None, base.reason) if base.withheld else cell, base)


def _figure(decision: Decision, label: str, cell: Cell, everybody: Cell) -> Figure:
    return Figure(
        code=decision.priority_code,
        priority=label,
        outcome=decision.outcome,
        reason=decision.reason,
        mentions=cell.count,
        base=everybody.count,
        share=share(cell, everybody),
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
        .order_by(Decision.subject == Subject.THEME, Decision.mentions.desc(), Priority.position, Decision.id)
    )
    return [
        (decision, label or decision.label or decision.priority_code)
        for decision, label in session.execute(statement)
    ]
