"""The timetable as it was when an issue was sent: what was changed later is undone, from the log.

The log keeps what each changed detail of an entry said before. It is only ever added to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.boroughs.queries import areas
from engage.timetable.models import Entry
from engage.timetable.queries import Listed, listed
from engage.timetable.queries import published as public_entries

SUBJECT = "entry:"
CHANGED, POSTPONED = "entry.changed", "entry.postponed"
# What an issue says of an entry, or reads its place in the issue from.
TOLD = frozenset({"title", "organisation", "area_code", "opens_at", "closes_at", "run_here"})
_MOMENTS = frozenset({"opens_at", "closes_at"})


def entries_then(session: Session, moment: datetime) -> list[tuple[Listed, Listed]]:
    """Return every public entry as it was at a moment, and as it is: first to open first.

    Three queries, however many entries and changes.
    """
    now = [listed(entry, name) for entry, name in session.execute(public_entries())]
    names = {area.code: area.name for area in areas(session)}
    before = _before(session, moment)
    pairs = [(_as_it_was(entry, before.get(entry.slug, {}), names), entry) for entry in now]
    return sorted(pairs, key=lambda pair: (pair[0].opens_at, pair[0].id))


def _before(session: Session, moment: datetime) -> Mapping[str, Mapping[str, Any]]:
    """Return, by the entry's slug, what each detail said that was changed after the moment."""
    # The log is long, and found by its subjects; what was changed since is not much of it.
    since = select(literal(SUBJECT) + Entry.slug).where(Entry.changed_at > moment)
    changes = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject.in_(since), AuditEvent.action.in_([CHANGED, POSTPONED]))
        .where(AuditEvent.happened_at > moment)
        .order_by(AuditEvent.id.desc())
    )
    found: dict[str, dict[str, Any]] = {}
    for event in changes:
        # The first change after the moment is read last, and stays.
        found.setdefault(event.subject.removeprefix(SUBJECT), {}).update(_said_before(event))
    return found


def _said_before(event: AuditEvent) -> dict[str, Any]:
    if event.action == POSTPONED:
        return {"opens_at": datetime.fromisoformat(event.details["from"])}
    return {name: _read(name, event.details[name][0]) for name in TOLD & event.details.keys()}


def _read(name: str, written: Any) -> Any:
    return datetime.fromisoformat(written) if name in _MOMENTS else written


def _as_it_was(entry: Listed, before: Mapping[str, Any], names: Mapping[str, str]) -> Listed:
    if "area_code" in before:
        before = {**before, "area_name": names.get(before["area_code"])}
    return replace(entry, **before) if before else entry
