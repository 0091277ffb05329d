"""The figures of decisions as they may be published, and whether they are still what was counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from sqlalchemy.orm import Session

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell, Table, protect
from engage.analysis.queries import get_snapshot, tally
from engage.plan_export.models import Decision
from engage.plan_export.rules import Subject

# A respondent names at most three priorities.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """How many named a priority, of how many, each withheld where it must be."""

    mentions: Cell
    base: Cell

    @property
    def withheld(self) -> list[str]:
        """The names of what is withheld."""
        return [name for name in ("mentions", "base") if getattr(self, name).withheld]


def protected(decisions: Sequence[Decision], threshold: int) -> Mapping[int, Figure]:
    """Return the figures of `decisions` by id; give every decision of a consultation, as feedback does.

    Those of one count are protected together, so that nothing withheld is worked out from the others.
    """
    counts: dict[tuple[int, int], list[Decision]] = defaultdict(list)
    found: dict[int, Figure] = {}
    for decision in decisions:
        if decision.subject is Subject.THEME:
            found[decision.id] = _alone(decision, threshold)
        else:
            counts[decision.snapshot_id, decision.base].append(decision)
    for (_snapshot, base), rows in counts.items():
        found |= _together(rows, base, threshold)
    return found


def _alone(decision: Decision, threshold: int) -> Figure:
    base = disclosure.protect_alone(decision.base, threshold)
    mentions = disclosure.protect_alone(decision.mentions, threshold)
    return Figure(Cell(None, base.reason) if base.withheld else mentions, base)


def _together(rows: list[Decision], base: int, threshold: int) -> dict[int, Figure]:
    safe = protect(
        Table(
            rows=tuple(decision.priority_code for decision in rows),
            columns=("all",),
            counts=tuple((decision.mentions,) for decision in rows),
            bases=(base,),
            most=max(MOST_NAMED, ceil(sum(decision.mentions for decision in rows) / max(base, 1))),
        ),
        threshold,
    )
    [everybody] = safe.bases or ()
    return {decision.id: Figure(cell, everybody) for decision, (cell,) in zip(rows, safe.cells, strict=True)}


def changed_since_counted(
    session: Session, decisions: Sequence[Decision], folder: Path
) -> tuple[Decision, ...]:
    """Return the decisions whose figures are not what their snapshot counts, each snapshot counted once more.

    Themes are counted by their own rules and not here.
    """
    of_snapshot: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.subject is Subject.PRIORITY:
            of_snapshot[decision.snapshot_id].append(decision)
    wrong = []
    for snapshot_id, rows in of_snapshot.items():
        counted = tally(session, snapshot=get_snapshot(session, snapshot_id), folder=folder)
        wrong += [
            decision
            for decision in rows
            if (decision.mentions, decision.base)
            != (counted.mentions.get(decision.priority_code, 0), counted.base)
        ]
    return tuple(wrong)
