"""Which years each duty was served in, which were left out, and by when it is due again. Pure decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engage.foundations.clock import in_london
from engage.timetable import rules as timetable
from engage.timetable.duties.rules import NO_DUTY, in_force
from engage.timetable.rules import EntryState, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An entry as the register needs it: what it was, when, and where it stands is read from.

    `published_at` None means that it is still a draft. An entry that only tells people something has asked
    nothing, and serves no duty to ask.
    """

    slug: str
    title: str
    organisation: str
    area_name: str | None
    duty: str
    level: Level
    consultation_year: int
    run_here: bool
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    fed_back_at: datetime | None = None
    feedback_due_on: date | None = None
    cancelled_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def asks(self) -> bool:
        """Whether it asks anything of anybody, and still will."""
        return self.level is not Level.COMMUNICATION and self.cancelled_at is None

    @property
    def began_on(self) -> date:
        """The day on which people could begin to answer, or are to."""
        return in_london(self.opened_at or self.opens_at).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty of the register, as plain values."""

    code: str
    name: str
    law: str
    requires: str
    every_months: int | None
    ended_on: date | None


class Standing(StrEnum):
    """How a duty stands in a year."""

    SERVED = "served"
    PLANNED = "planned"
    NOTHING = "nothing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a duty: how it stands, and the entries that name the duty, first to open first."""

    year: int
    standing: Standing
    entries: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty with a rhythm was last served, and by which day it must be again.

    `by` None means that it has never been served: it is due now. `planned` is what will serve it next.
    """

    last: Asked | None
    by: date | None
    planned: Asked | None
    late: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """A duty with its years, latest first. `due` None means that it has no rhythm, or has ended."""

    duty: Duty
    years: tuple[Year, ...]
    due: Due | None

    @property
    def gaps(self) -> tuple[int, ...]:
        """The years in which nothing was asked under it, latest first."""
        return tuple(year.year for year in self.years if year.standing is Standing.NOTHING)


def coverage(duties: Iterable[Duty], entries: Iterable[Asked], now: datetime) -> tuple[Covered, ...]:
    """Return how each duty was served in each year, from the first that has an entry."""
    of_duty: dict[str, list[Asked]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry.opens_at, entry.slug)):
        of_duty[entry.duty].append(entry)
    years = years_of([entry for several in of_duty.values() for entry in several], now)
    return tuple(
        Covered(duty, tuple(_year(duty, year, of_duty[duty.code], now) for year in years), due)
        for duty in duties
        for due in [next_due(duty, of_duty[duty.code], now)]
    )


def years_of(entries: Sequence[Asked], now: datetime) -> tuple[int, ...]:
    """Return the years to show, latest first: those of the entries, this one, and none left out between."""
    asked = {entry.consultation_year for entry in entries} | {in_london(now).year}
    return tuple(range(max(asked), min(asked) - 1, -1))


def next_due(duty: Duty, entries: Sequence[Asked], now: datetime) -> Due | None:
    """Return when `duty` is due again; None where it has no rhythm or binds no more.

    The rhythm runs from the day on which people could last begin to answer. It is late when that day has
    passed, or passes before the next planned entry opens.
    """
    today = in_london(now).date()
    if duty.every_months is None or not in_force(duty.ended_on, today):
        return None
    asking = [entry for entry in entries if entry.asks]
    begun = [entry for entry in asking if _begun(entry, now)]
    ahead = [entry for entry in asking if not _begun(entry, now)]
    last = max(begun, key=lambda entry: (entry.began_on, entry.slug), default=None)
    planned = min(ahead, key=lambda entry: (entry.began_on, entry.slug), default=None)
    by = timetable.months_later(last.began_on, duty.every_months) if last else None
    reached = planned.began_on if planned else today
    return Due(last, by, planned, late=planned is None if by is None else max(reached, today) > by)


def _year(duty: Duty, year: int, entries: Sequence[Asked], now: datetime) -> Year:
    found = tuple(entry for entry in entries if entry.consultation_year == year)
    return Year(year, _standing(duty, year, found, now), found)


def _standing(duty: Duty, year: int, entries: Sequence[Asked], now: datetime) -> Standing:
    asking = [entry for entry in entries if entry.asks]
    if any(_begun(entry, now) for entry in asking):
        return Standing.SERVED
    if asking and any(in_london(entry.closes_at).date() >= in_london(now).date() for entry in asking):
        return Standing.PLANNED
    if duty.code == NO_DUTY or not in_force(duty.ended_on, date(year, 1, 1)):
        return Standing.ENDED
    return Standing.NOTHING


def _begun(entry: Asked, now: datetime) -> bool:
    """Tell whether people could answer it; a draft has asked nobody, whatever its days say."""
    return entry.published_at is not None and timetable.state(entry, now) is not EntryState.FORTHCOMING
