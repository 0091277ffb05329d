"""The groups with how often each is asked over a year, in three queries however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.foundations.clock import london_moment
from engage.groups.models import Group
from engage.timetable.models import Entry, EntryGroup
from engage.timetable.overlaps import asks
from engage.timetable.overlaps.asks import MONTHS, Asked


@dataclass(frozen=True, slots=True)
class Row:
    """A group with what asks it. `under` is the group it belongs to, `area_name` None means all of London."""

    group_id: int
    name: str
    under: str | None
    area_name: str | None
    asked: Asked


def asked_groups(
    session: Session, year: int, *, area_code: str | None = None, each: bool = False
) -> Sequence[Row]:
    """Return the active groups with what asks them in `year`, the most asked first.

    A group has what is asked of the groups below it, and of those merged into it, counted with its own;
    `each` also lists those below as lines of their own. An area leaves the groups of others out.
    """
    groups = session.execute(
        select(
            Group.id, Group.name, Group.parent_id, Group.merged_into_id, Group.active,
            Group.area_code, Area.name.label("area_name"),
        )
        .outerjoin(Area, Area.code == Group.area_code)
        .order_by(Group.name, Group.id)
    ).all()  # fmt: skip
    above = {row.id: row.merged_into_id or row.parent_id for row in groups}
    counted = asks.counted(
        _windows(session, year),
        _asked(session, year),
        {group: up for group, up in above.items() if up is not None},
        year,
    )
    nothing = tuple(0 for _ in MONTHS)
    name_of = {row.id: row.name for row in groups}
    rows = [
        Row(
            row.id,
            row.name,
            name_of.get(row.parent_id) if row.parent_id else None,
            row.area_name,
            counted.get(row.id) or Asked(row.id, nothing, 0),
        )
        for row in groups
        if row.active
        and (each or row.parent_id is None)
        and (area_code is None or row.area_code == area_code)
    ]
    # Groups come by name, and sorting keeps that among those that are asked as often.
    return sorted(rows, key=lambda row: (-row.asked.in_year, -row.asked.at_most))


def years(session: Session) -> Sequence[int]:
    """Return the years of the timetable's consultations, the latest first."""
    chosen = select(Entry.consultation_year).distinct().order_by(Entry.consultation_year.desc())
    return list(session.scalars(chosen))


def _windows(session: Session, year: int) -> dict[int, tuple[datetime, datetime]]:
    rows = session.execute(
        select(Entry.id, Entry.opens_at, Entry.closes_at).where(*_of(year)).order_by(Entry.id)
    )
    return {row.id: (row.opens_at, row.closes_at) for row in rows}


def _asked(session: Session, year: int) -> list[tuple[int, int]]:
    statement = (
        select(EntryGroup.entry_id, EntryGroup.group_id)
        .join(Entry, Entry.id == EntryGroup.entry_id)
        .where(*_of(year))
        .order_by(EntryGroup.entry_id, EntryGroup.group_id)
    )
    return [(row.entry_id, row.group_id) for row in session.execute(statement)]


def _of(year: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for entries that are open in `year`; one that is cancelled asks nobody."""
    begins, ends = london_moment(date(year, 1, 1)), london_moment(date(year + 1, 1, 1))
    return Entry.cancelled_at.is_(None), Entry.opens_at < ends, Entry.closes_at > begins
