"""Where an entry stands in an issue, which parts a reader gets, and what an issue may be. Pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from engage.foundations.language import Text, lazy
from engage.timetable.rules import NewsKind

LONGEST_TITLE, LONGEST_FOREWORD = 200, 5_000
# How far ahead an issue looks.
AHEAD = timedelta(days=90)
# After this the address of a message that has left is not needed for its coming back.
KEPT_AFTER_SENDING = timedelta(days=7)
PREFIX = "newsletter:"
TRIED = "newsletter-try:"


class Section(StrEnum):
    """What an issue says of an entry; the order in which it says it."""

    OPEN = "open"
    CAME = "came"
    DECIDED = "decided"
    COMING = "coming"
    OTHER = "other"


SECTIONS: dict[Section, Text] = {
    Section.OPEN: lazy("Open for answers"),
    Section.CAME: lazy("What came of it"),
    Section.DECIDED: lazy("Results, decisions and how far they have come"),
    Section.COMING: lazy("Coming"),
    Section.OTHER: lazy("Also in the timetable"),
}
_DECIDED = frozenset({NewsKind.RESULTS, NewsKind.DECIDED})


class Dated(Protocol):
    """The moments an entry's section is read from."""

    @property
    def run_here(self) -> bool: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


def section_of(
    entry: Dated, *, happened: Collection[NewsKind], progressed: bool, until: datetime
) -> Section | None:
    """Return where an issue that ends at `until` tells of an entry: in one place, or not at all.

    What came of it goes before that one can still answer, and that before any other news.
    """
    cancelled = entry.cancelled_at is not None and entry.cancelled_at <= until
    if NewsKind.FED_BACK in happened:
        return Section.CAME
    if progressed or not _DECIDED.isdisjoint(happened):
        return Section.DECIDED
    if not cancelled and _open(entry, until):
        return Section.OPEN
    opens = entry.opened_at or entry.opens_at
    if not cancelled and until < opens <= until + AHEAD:
        return Section.COMING
    return Section.OTHER if happened else None


def _open(entry: Dated, moment: datetime) -> bool:
    opened = entry.opened_at or (None if entry.run_here else entry.opens_at)
    return opened is not None and opened <= moment < (entry.closed_at or entry.closes_at)


class HasCode(Protocol):
    """A part of an issue: of a borough, or with None of all London."""

    @property
    def code(self) -> str | None: ...


Part = TypeVar("Part", bound=HasCode)


def parts_for(parts: Sequence[Part], areas: Collection[str]) -> tuple[Part, ...]:
    """Return London's part and those of the boroughs somebody chose; whoever chose none gets them all."""
    return tuple(part for part in parts if part.code is None or not areas or part.code in areas)


def problem_with(
    *, title: str, foreword: str, since: datetime, until: datetime, now: datetime
) -> tuple[Text, str] | None:
    """Return why an issue cannot be like this, and beside which field; None where it can."""
    if not title:
        return lazy("Write a title."), "title"
    if len(title) > LONGEST_TITLE:
        return lazy("The title can have at most %(n)s characters.", n=LONGEST_TITLE), "title"
    if len(foreword) > LONGEST_FOREWORD:
        return lazy("The foreword can have at most %(n)s characters.", n=LONGEST_FOREWORD), "foreword"
    if until > now:
        return lazy("An issue tells what has happened: its last day cannot be in the future."), "until"
    if until <= since:
        return lazy("The last day cannot be before the first."), "until"
    return None


def key_of(newsletter_id: int) -> str:
    """Return how the keys of an issue's texts and tasks begin."""
    return f"{PREFIX}{newsletter_id}:"
