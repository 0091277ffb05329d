"""Which entries are to be asked again and have no draft yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engage.timetable.models import Entry
from engage.timetable.queries import details_of
from engage.timetable.repeating.rules import due_on, next_time
from engage.timetable.rules import Repeats


@dataclass(frozen=True, slots=True)
class ToDraft:
    """An entry whose next time is to be drafted: since when, and when it would open."""

    slug: str
    title: str
    repeats: Repeats
    due_on: date
    opens_on: date


def to_draft(session: Session, today: date) -> Sequence[ToDraft]:
    """Return the entries whose next time is due to be drafted, the longest due first. One query.

    A published entry that repeats counts until something was drafted from it; one that was cancelled is
    asked again all the same, for it is the rhythm that goes on.
    """
    later = aliased(Entry)
    drafted = select(later.id).where(later.repeated_from_id == Entry.id).exists()
    statement = (
        select(Entry)
        .where(Entry.repeats != Repeats.NEVER, Entry.published_at.is_not(None), ~drafted)
        .order_by(Entry.opens_at, Entry.id)
    )
    found = []
    for entry in session.scalars(statement):
        details = details_of(entry)
        due = due_on(details)
        if due <= today:
            opening = next_time(details, today).opens_at.date()
            found.append(ToDraft(entry.slug, entry.title, entry.repeats, due, opening))
    return sorted(found, key=lambda each: (each.due_on, each.title, each.slug))


def find_next(session: Session, entry_id: int) -> Entry | None:
    """Return the entry that was drafted from this one, or None."""
    statement = select(Entry).where(Entry.repeated_from_id == entry_id).order_by(Entry.id)
    return session.scalars(statement.limit(1)).one_or_none()
