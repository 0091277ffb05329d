"""Whether the figures of decisions are still what was counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from engage.analysis.queries import get_snapshot, tally
from engage.plan_export.models import Decision
from engage.plan_export.rules import Subject


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
