"""The public timetable in short: what lists, months and years are made of, without the long texts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import or_
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.foundations.clock import in_london
from engage.timetable import queries
from engage.timetable.models import Entry
from engage.timetable.queries import EVERYTHING, Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """An entry in short. `area_name` None means all of London."""

    id: int
    slug: str
    title: str
    organisation: str
    area_name: str | None
    run_here: bool
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    fed_back_at: datetime | None
    decision_due_on: date | None
    feedback_due_on: date | None
    cancelled_at: datetime | None


_NAMES = tuple(field.name for field in fields(Brief))
_COLUMNS = tuple(Area.name if name == "area_name" else getattr(Entry, name) for name in _NAMES)


def briefs(
    session: Session,
    filters: Filters = EVERYTHING,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Brief]:
    """Return the public entries that pass `filters`, first to open first.

    With `since` and `until` only those that may have something in that time: they are open, or decision or
    feedback falls in it.
    """
    statement = queries.published(filters).with_only_columns(*_COLUMNS)
    if since is not None and until is not None:
        first, after = in_london(since).date(), in_london(until).date()
        statement = statement.where(
            or_(
                (Entry.opens_at < until) & (Entry.closes_at > since),
                (Entry.opened_at < until) & (Entry.closes_at > since),
                (Entry.decision_due_on >= first) & (Entry.decision_due_on < after),
                (Entry.feedback_due_on >= first) & (Entry.feedback_due_on < after),
                (Entry.fed_back_at >= since) & (Entry.fed_back_at < until),
            )
        )
    rows = session.execute(statement.order_by(Entry.opens_at, Entry.id))
    return [Brief(**dict(zip(_NAMES, row, strict=True))) for row in rows]
