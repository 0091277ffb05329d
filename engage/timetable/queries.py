"""The timetable, to read. The state of an entry is not here: it is a decision of `rules` at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.timetable.details import EntryDetails
from engage.timetable.models import Entry
from engage.timetable.rules import Level

DETAILS = tuple(field.name for field in fields(EntryDetails))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(EntryDetails):
    """An entry with everything a list or a page says of it. `area_name` None means all of London."""

    id: int
    slug: str
    area_name: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    fed_back_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader asked to see; None and empty mean everything.

    An area also brings what is asked of all London. `words` are looked for in title, purpose and audience.
    """

    duty: str | None = None
    level: Level | None = None
    area_code: str | None = None
    words: str = ""

    def asked(self) -> dict[str, str]:
        """Return the parts of an address that ask for these filters."""
        parts = {"duty": self.duty, "level": self.level, "borough": self.area_code, "words": self.words}
        return {name: str(value) for name, value in parts.items() if value}


EVERYTHING = Filters()


def entries(session: Session, filters: Filters = EVERYTHING) -> list[Listed]:
    """Return the entries that pass `filters`, first to open first."""
    statement = _narrowed(_listed(), filters).order_by(Entry.opens_at, Entry.id)
    return [_row(entry, name) for entry, name in session.execute(statement)]


def get_listed(session: Session, slug: str) -> Listed:
    """Return the entry called `slug` with everything its page says; raises `NoResultFound`."""
    entry, name = session.execute(_listed().where(Entry.slug == slug)).one()
    return _row(entry, name)


def get_entry(session: Session, slug: str) -> Entry:
    """Return the entry called `slug`; raises `NoResultFound`."""
    return session.scalars(select(Entry).where(Entry.slug == slug)).one()


def get_entry_by_id(session: Session, entry_id: int) -> Entry:
    """Return the entry with this id; raises `NoResultFound`."""
    return session.scalars(select(Entry).where(Entry.id == entry_id)).one()


def taken_slugs(session: Session, stem: str) -> frozenset[str]:
    """Return the slugs in use that begin with `stem`."""
    statement = select(Entry.slug).where(Entry.slug.startswith(stem, autoescape=True)).order_by(Entry.slug)
    return frozenset(session.scalars(statement))


def details_of(entry: Entry) -> EntryDetails:
    """Return what an officer says of `entry`."""
    return EntryDetails(**_said(entry))


def _listed() -> Select[Entry, str]:
    return select(Entry, Area.name).outerjoin(Area, Area.code == Entry.area_code)


def _narrowed(statement: Select[Entry, str], filters: Filters) -> Select[Entry, str]:
    if filters.duty is not None:
        statement = statement.where(Entry.duty == filters.duty)
    if filters.level is not None:
        statement = statement.where(Entry.level == filters.level)
    if filters.area_code is not None:
        statement = statement.where(or_(Entry.area_code == filters.area_code, Entry.area_code.is_(None)))
    for word in filters.words.split():
        places = (Entry.title, Entry.purpose, Entry.audience)
        statement = statement.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    return statement


def _row(entry: Entry, area_name: str | None) -> Listed:
    return Listed(
        **_said(entry),
        id=entry.id,
        slug=entry.slug,
        area_name=area_name,
        opened_at=entry.opened_at,
        closed_at=entry.closed_at,
        fed_back_at=entry.fed_back_at,
    )


def _said(entry: Entry) -> Mapping[str, Any]:
    return {name: getattr(entry, name) for name in DETAILS}
