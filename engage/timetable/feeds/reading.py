"""What a feed is made of, as plain values: the same values make the same file, to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from engage.foundations.database import Moment
from engage.timetable import queries, rules
from engage.timetable.duties.rules import DutyName
from engage.timetable.marks import Marks, marks_of
from engage.timetable.models import Entry, EntryNews
from engage.timetable.queries import Filters, Listed
from engage.timetable.rules import EntryState

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# What XML and calendars cannot hold, and what some programs take for the end of a line.
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed, where it stands, and the address of its page."""

    entry: Listed
    marks: Marks
    state: EntryState
    address: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself: whose it is, in which language, what it shows, and its addresses."""

    authority: str
    language: str
    title: str
    itself: str
    page: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of entries, first to open first, with the register of duties that they name."""

    head: Head
    items: tuple[Item, ...]
    duties: tuple[tuple[str, DutyName], ...]
    asked: tuple[tuple[str, str], ...]


def items(
    session: Session, filters: Filters, belongs: Callable[[EntryState], bool], *, show: str, now: datetime
) -> tuple[Item, ...]:
    """Return the entries that pass `filters` and stand, at `now`, where `belongs` says that they may.

    `show` is the address that each entry's name is put after.
    """
    found = [(entry, rules.state(entry, now)) for entry in queries.entries(session, filters)]
    return with_marks(session, [(entry, state) for entry, state in found if belongs(state)], show=show)


def with_marks(session: Session, entries: list[tuple[Listed, EntryState]], *, show: str) -> tuple[Item, ...]:
    """Return these entries with what they are marked with, in one query."""
    marks = marks_of(session, [entry.id for entry, _ in entries])
    return tuple(Item(entry, marks[entry.id], state, entry_address(show, entry)) for entry, state in entries)


def entry_address(show: str, entry: Listed) -> str:
    """Return the address of the page of `entry`."""
    return show + quote(entry.slug)


def last_change(session: Session, now: datetime) -> datetime:
    """Return when anything public last changed, or changed where it stands, up to `now`.

    It is of the whole timetable: an entry that leaves a view changes that view too.
    """
    moments = [Entry.changed_at, Entry.published_at, Entry.opened_at, Entry.closed_at, Entry.fed_back_at]
    moments += [Entry.cancelled_at, Entry.opens_at, Entry.closes_at]
    passed = [func.max(case((moment <= now, moment)), type_=Moment()) for moment in moments]
    found = session.execute(select(*passed).where(Entry.published_at.is_not(None))).one()
    told = session.scalar(select(func.max(EntryNews.at, type_=Moment())).where(EntryNews.at <= now))
    return max([LONG_AGO, *(moment for moment in (*found, told) if moment is not None)])


def changed(entry: Listed) -> datetime:
    """Return when what the feeds say of `entry` last changed."""
    run = (entry.opened_at, entry.closed_at, entry.fed_back_at, entry.cancelled_at)
    return max([entry.changed_at, *(moment for moment in run if moment is not None)])


def plain(text: object) -> str:
    """Return a text with line breaks of one kind and nothing that XML or a calendar cannot hold."""
    return _UNWRITABLE.sub("", _BREAKS.sub("\n", str(text)))
