"""On which days something happens to an entry, and how months and years are laid out. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from engage.foundations.clock import in_london, london_moment
from engage.foundations.language import lazy
from engage.timetable.rules import A_DAY, Dated, last_day

SHORTEST = timedelta(minutes=15)


class What(StrEnum):
    """What happens on a day, in the order of an entry's life."""

    OPENS = "opens"
    CLOSES = "closes"
    DECISION = "decision"
    FEEDBACK = "feedback"


HAPPENS = {
    What.OPENS: lazy("Opens"),
    What.CLOSES: lazy("Last day to answer"),
    What.DECISION: lazy("Decision"),
    What.FEEDBACK: lazy("Feedback"),
}


class Decided(Dated, Protocol):
    """The dates of an entry, with the day of its decision."""

    @property
    def decision_due_on(self) -> date | None: ...


Shown = TypeVar("Shown", bound=Decided)


@dataclass(frozen=True, slots=True)
class Happening(Generic[Shown]):
    """One thing that happens to `entry` on a day."""

    on: date
    what: What
    entry: Shown


@dataclass(frozen=True, slots=True)
class Bar(Generic[Shown]):
    """An entry across a year, in days from its first (0 to 365): the stretch when it is open, and two days.

    `width` 0: it is not open in this year. The days are None where they are not known or in another year.
    """

    entry: Shown
    start: int
    width: int
    decision: int | None
    feedback: int | None


def stretch(entry: Dated) -> tuple[datetime, datetime]:
    """Return when people can answer: as it happened, or else as it is planned. The end is after the start."""
    begins = entry.opened_at or entry.opens_at
    ends = min(entry.closed_at or entry.closes_at, entry.closes_at)
    return begins, max(ends, begins + SHORTEST)


def days_open(entry: Dated) -> tuple[date, date]:
    """Return the first and the last day, by London's calendar, on which people can answer."""
    begins, ends = stretch(entry)
    return in_london(begins).date(), last_day(ends)


def feedback_day(entry: Dated) -> date | None:
    """Return the day when feedback was given, or else the day by which it is due."""
    return in_london(entry.fed_back_at).date() if entry.fed_back_at else entry.feedback_due_on


def happenings(entries: Iterable[Shown], first: date, last: date) -> list[Happening[Shown]]:
    """Return what happens to `entries` from the day `first` to `last`, by day and then as a life goes."""
    found = [happening for entry in entries for happening in _life(entry) if first <= happening.on <= last]
    order = list(What)
    return sorted(found, key=lambda happening: (happening.on, order.index(happening.what)))


def open_between(entries: Iterable[Shown], first: date, last: date) -> list[Shown]:
    """Return those of `entries` that people can answer on some day from `first` to `last`."""
    found = []
    for entry in entries:
        begins, ends = days_open(entry)
        if entry.cancelled_at is None and begins <= last and ends >= first:
            found.append(entry)
    return found


def month_of(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def weeks_of(year: int, month: int) -> tuple[tuple[date | None, ...], ...]:
    """Return the weeks of a month, Monday first, with None for the days of other months."""
    return tuple(
        tuple(day if day.month == month else None for day in week)
        for week in calendar.Calendar().monthdatescalendar(year, month)
    )


def moments_of(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments when the day `first` begins and the day `last` has ended, in London."""
    return london_moment(first), london_moment(last + A_DAY)


def bar(entry: Shown, year: int) -> Bar[Shown]:
    """Return `entry` as it lies across `year`."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    begins, ends = days_open(entry)
    begins, ends = max(begins, first), min(ends, last)
    return Bar(
        entry,
        (begins - first).days if begins <= ends else 0,
        max(0, (ends - begins).days + 1),
        _place(entry.decision_due_on, year),
        _place(feedback_day(entry), year),
    )


def _place(day: date | None, year: int) -> int | None:
    return (day - date(year, 1, 1)).days if day is not None and day.year == year else None


def _life(entry: Shown) -> Iterator[Happening[Shown]]:
    begins, ends = days_open(entry)
    feedback = feedback_day(entry)
    yield Happening(begins, What.OPENS, entry)
    yield Happening(ends, What.CLOSES, entry)
    if entry.decision_due_on is not None:
        yield Happening(entry.decision_due_on, What.DECISION, entry)
    if feedback is not None:
        yield Happening(feedback, What.FEEDBACK, entry)
