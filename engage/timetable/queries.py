"""The timetable, to read. The state of an entry is not here: it is a decision of `rules` at a moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.groups.rules import Community
from engage.timetable.details import EntryDetails
from engage.timetable.models import Entry, EntryMark
from engage.timetable.rules import Level, MarkKind, Method, Repeats, Topic

DETAILS = tuple(field.name for field in fields(EntryDetails))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(EntryDetails):
    """An entry with everything a list or a page says of it. `area_name` None means all of London."""

    id: int
    uid: UUID
    slug: str
    area_name: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    fed_back_at: datetime | None
    changed_at: datetime
    number_of_changes: int = 0
    published_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_reason: str = ""
    repeats: Repeats = Repeats.NEVER
    repeated_from_id: int | None = None
    web_address: str = ""


_COLUMNS = tuple(field.name for field in fields(Listed) if field.name != "area_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader asked to see; None and empty mean everything, several all hold at once.

    An area also brings what is asked of all London. Each of the `words` is looked for in what the entry says
    of itself and in the name of its borough.
    """

    duty: str | None = None
    level: Level | None = None
    area_code: str | None = None
    audience: Community | None = None
    organisation: str | None = None
    method: Method | None = None
    topic: Topic | None = None
    words: str = ""

    def asked(self) -> dict[str, str]:
        """Return the parts of an address that ask for these filters."""
        parts = {
            "borough": self.area_code,
            "audience": self.audience,
            "topic": self.topic,
            "method": self.method,
            "level": self.level,
            "duty": self.duty,
            "organisation": self.organisation,
            "words": self.words,
        }
        return {name: str(value) for name, value in parts.items() if value}


EVERYTHING = Filters()
_SEARCHED = (
    Entry.title,
    Entry.purpose,
    Entry.audience,
    Entry.organisation,
    Entry.methods,
    Entry.how_to_take_part,
    Area.name,
)


def entries(session: Session, filters: Filters = EVERYTHING, *, drafts: bool = False) -> list[Listed]:
    """Return the public entries that pass `filters`, with `drafts` also the others; first to open first."""
    statement = _narrowed(_everything(), filters) if drafts else published(filters)
    found = session.execute(statement.order_by(Entry.opens_at, Entry.id))
    return [listed(entry, name) for entry, name in found]


def entries_of(session: Session, entry_ids: Collection[int]) -> Mapping[int, Listed]:
    """Return the public entries among those with these ids, by id."""
    statement = published().where(Entry.id.in_(entry_ids)).order_by(Entry.id)
    return {entry.id: listed(entry, name) for entry, name in session.execute(statement)}


def published(filters: Filters = EVERYTHING) -> Select[Entry, str]:
    """Return the statement that finds the public entries that pass `filters`, with their borough's name."""
    return _narrowed(_everything().where(Entry.published_at.is_not(None)), filters)


def organisations(session: Session) -> list[str]:
    """Return the names of the organisations that have public entries, by name."""
    statement = select(Entry.organisation).where(Entry.published_at.is_not(None)).distinct()
    return list(session.scalars(statement.order_by(Entry.organisation)))


def get_listed(session: Session, slug: str) -> Listed:
    """Return the entry called `slug`, public or not yet; raises `NoResultFound`."""
    entry, name = session.execute(_everything().where(Entry.slug == slug)).one()
    return listed(entry, name)


def get_published(session: Session, slug: str) -> Listed:
    """Return the public entry called `slug` with everything its page says; raises `NoResultFound`."""
    entry, name = session.execute(published().where(Entry.slug == slug)).one()
    return listed(entry, name)


def times_asked(session: Session, entry: Listed) -> list[Listed]:
    """Return the public entries of the time before and the times after `entry`, first to open first."""
    kin = or_(Entry.repeated_from_id == entry.id, Entry.id == entry.repeated_from_id)
    statement = published().where(kin).order_by(Entry.opens_at, Entry.id)
    return [listed(other, name) for other, name in session.execute(statement)]


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
    return EntryDetails(**{name: getattr(entry, name) for name in DETAILS})


def listed(entry: Entry, area_name: str | None) -> Listed:
    """Return `entry` and its borough's name as one value, apart from the session."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in _COLUMNS}
    return Listed(**values, area_name=area_name)


def _everything() -> Select[Entry, str]:
    return select(Entry, Area.name).outerjoin(Area, Area.code == Entry.area_code)


def _narrowed(statement: Select[Any, Any], filters: Filters) -> Select[Any, Any]:
    for column, value in (
        (Entry.duty, filters.duty),
        (Entry.level, filters.level),
        (Entry.organisation, filters.organisation),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filters.area_code is not None:
        statement = statement.where(or_(Entry.area_code == filters.area_code, Entry.area_code.is_(None)))
    for kind, code in (
        (MarkKind.AUDIENCE, filters.audience),
        (MarkKind.METHOD, filters.method),
        (MarkKind.TOPIC, filters.topic),
    ):
        if code is not None:
            marked = select(EntryMark.entry_id).where(EntryMark.kind == kind, EntryMark.code == code.value)
            statement = statement.where(Entry.id.in_(marked))
    for word in filters.words.split():
        statement = statement.where(or_(*(place.icontains(word, autoescape=True) for place in _SEARCHED)))
    return statement
