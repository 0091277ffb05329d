"""The figures that feedback shows: each priority decided on, with how many named it, if that may be told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.disclosure import Table, protect, share
from engage.consultations.models import Consultation
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome
from engage.questionnaires.models import Priority

# A respondent names at most three priorities (product rule 6).
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A priority and what became of it. None: the figure is withheld."""

    code: str
    priority: str
    outcome: Outcome
    reason: str
    mentions: int | None
    base: int | None
    share: float | None

    @property
    def bar(self) -> dict[str, str | int | float | None]:
        """The figure as a line of a bar chart."""
        return {"label": self.priority, "value": self.mentions, "share": self.share}


def figures(session: Session, consultation_id: int, *, threshold: int) -> list[Figure]:
    """Return what was decided on each priority, the most named first, with small counts withheld."""
    rows = _decisions(session, consultation_id)
    by_snapshot: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, (decision, _label) in enumerate(rows):
        by_snapshot[decision.snapshot_id, decision.base].append(place)
    found: dict[int, Figure] = {}
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
        Figure(
            code=decision.priority_code,
            priority=label,
            outcome=decision.outcome,
            reason=decision.reason,
            mentions=cell.count,
            base=everybody.count,
            share=share(cell, everybody),
        )
        for (decision, label), (cell,) in zip(rows, safe.cells, strict=True)
    ]


def _decisions(session: Session, consultation_id: int) -> list[tuple[Decision, str]]:
    statement = (
        select(Decision, Priority.label)
        .join(Consultation, Consultation.id == Decision.consultation_id)
        .join(
            Priority,
            (Priority.framework_id == Consultation.framework_id) & (Priority.code == Decision.priority_code),
        )
        .where(Decision.consultation_id == consultation_id)
        .order_by(Decision.mentions.desc(), Priority.position)
    )
    return [(decision, label) for decision, label in session.execute(statement)]
