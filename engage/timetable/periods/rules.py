"""Which days are bad for asking, and what to warn an officer of. Advice: nothing is refused for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from holidays import country_holidays

from engage.foundations.clock import in_london
from engage.foundations.language import Text, day, lazy
from engage.timetable.rules import A_DAY, PeriodKind, last_day

WEEKS_OPEN = 12
SATURDAY = 5
AUGUST = 8
LONGEST_TITLE = 200

KINDS: Mapping[PeriodKind, Text] = {
    PeriodKind.SCHOOL_HOLIDAY: lazy("School holidays"),
    PeriodKind.PRE_ELECTION: lazy("Pre-election period"),
    PeriodKind.OTHER: lazy("Another reason"),
}


class Concern(StrEnum):
    """What a warning is about."""

    SHORT = "short"
    PRE_ELECTION = "pre_election"
    SCHOOL_HOLIDAY = "school_holiday"
    OTHER = "other"
    AUGUST = "august"
    BANK_HOLIDAYS = "bank_holidays"
    OPENS_BADLY = "opens_badly"
    CLOSES_BADLY = "closes_badly"
    CHRISTMAS = "christmas"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both included, that is a bad time to ask."""

    kind: PeriodKind
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing an officer should think of, as a sentence."""

    concern: Concern
    sentence: Text


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """Return the bank holidays of England in a year, by their day, with the name of each."""
    return dict(sorted(country_holidays("GB", subdiv="ENG", years=year).items()))


def is_working_day(on: date) -> bool:
    """Tell whether offices work on that day: neither a weekend nor a bank holiday in England."""
    return on.weekday() < SATURDAY and on not in bank_holidays(on.year)


def working_day_from(on: date) -> date:
    """Return the first working day on or after a day."""
    while not is_working_day(on):
        on += A_DAY
    return on


def working_day_until(on: date) -> date:
    """Return the last working day on or before a day."""
    while not is_working_day(on):
        on -= A_DAY
    return on


def days_open(opens_at: datetime, closes_at: datetime) -> int:
    """Return on how many days of London's calendar people can answer, the first and the last included."""
    return (last_day(closes_at) - in_london(opens_at).date()).days + 1


def warnings(opens_at: datetime, closes_at: datetime, periods: Iterable[Period]) -> tuple[Warning, ...]:
    """Return what speaks against asking from `opens_at` to before `closes_at`, the weightiest first."""
    first, last = in_london(opens_at).date(), last_day(closes_at)
    return (
        *_too_short(opens_at, closes_at),
        *_periods(first, last, periods),
        *_august(first, last),
        *_bank_holidays(first, last),
        *_edges(first, last),
    )


def _too_short(opens_at: datetime, closes_at: datetime) -> Iterator[Warning]:
    days = days_open(opens_at, closes_at)
    if days < WEEKS_OPEN * 7:
        sentence = lazy(
            "It is open for %(days)s days, which is less than %(weeks)s weeks.", days=days, weeks=WEEKS_OPEN
        )
        yield Warning(Concern.SHORT, sentence)


def _periods(first: date, last: date, periods: Iterable[Period]) -> Iterator[Warning]:
    order = (PeriodKind.PRE_ELECTION, PeriodKind.SCHOOL_HOLIDAY, PeriodKind.OTHER)
    met = [period for period in periods if period.starts_on <= last and period.ends_on >= first]
    for period in sorted(met, key=lambda each: (order.index(each.kind), each.starts_on, each.title)):
        sentence = lazy(
            "It meets “%(title)s” (%(kind)s), %(first)s to %(last)s.",
            title=period.title,
            kind=_Lower(KINDS[period.kind]),
            first=_Day(period.starts_on),
            last=_Day(period.ends_on),
        )
        yield Warning(Concern(period.kind.value), sentence)


def _august(first: date, last: date) -> Iterator[Warning]:
    days = sum(_shared(first, last, date(year, AUGUST, 1)) for year in range(first.year, last.year + 1))
    if days:
        yield Warning(
            Concern.AUGUST,
            lazy(
                "%(days)s of its days are in August, when many people and groups are away.", days=days
            ) if days > 1 else lazy("One of its days is in August, when many people and groups are away."),
        )  # fmt: skip


def _shared(first: date, last: date, month: date) -> int:
    """Return how many days of August, which begins on `month`, lie from `first` to `last`."""
    end = month + timedelta(days=30)
    return max(0, (min(last, end) - max(first, month)).days + 1)


def _bank_holidays(first: date, last: date) -> Iterator[Warning]:
    met = [
        on
        for year in range(first.year, last.year + 1)
        for on in bank_holidays(year)
        if first <= on <= last
    ]  # fmt: skip
    if met:
        sentence = lazy("Bank holidays while it is open: %(days)s.", days=_Days(tuple(met)))
        yield Warning(Concern.BANK_HOLIDAYS, sentence)


def _edges(first: date, last: date) -> Iterator[Warning]:
    if not is_working_day(first):
        sentence = lazy("It opens on a weekend or a bank holiday: nobody is there to ask.")
        yield Warning(Concern.OPENS_BADLY, sentence)
    if in_christmas_week(last):
        yield Warning(Concern.CHRISTMAS, lazy("It closes between 24 December and 1 January."))
    elif not is_working_day(last):
        sentence = lazy("It closes on a weekend or a bank holiday: nobody is there to ask.")
        yield Warning(Concern.CLOSES_BADLY, sentence)


def in_christmas_week(on: date) -> bool:
    """Tell whether a day lies from 24 December to 1 January."""
    return (on.month, on.day) >= (12, 24) or (on.month, on.day) == (1, 1)


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that is put into words when it is read, in the reader's language."""

    on: date

    def __str__(self) -> str:
        return day(self.on)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days in words, parted by commas."""

    on: tuple[date, ...]

    def __str__(self) -> str:
        return ", ".join(day(each) for each in self.on)


@dataclass(frozen=True, slots=True)
class _Lower:
    """A label as part of a sentence."""

    text: Text

    def __str__(self) -> str:
        said = str(self.text)
        return said[:1].lower() + said[1:]
