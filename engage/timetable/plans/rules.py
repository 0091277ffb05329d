"""Which plans and consultations stand in the picture of two years, and which feeds which. Pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engage.timetable.rules import PlanPart, PlanTier

# A plan is made in one year and carried out from the spring of the next: two years show how that fits.
YEARS_SHOWN = 2
FIRST_YEAR, LAST_YEAR = 2000, 2098
# A picture of more lines than this is read by nobody; the timetable has the rest.
MOST_ENTRIES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of a plan's life as officers entered it, both days included."""

    id: int
    title: str
    organisation: str
    tier: PlanTier
    part: PlanPart
    area_code: str | None
    area_name: str | None
    starts_on: date
    ends_on: date
    feeds_id: int | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A consultation of the timetable: when people can answer, and the first year of the plan it feeds."""

    slug: str
    title: str
    organisation: str
    area_code: str | None
    area_name: str | None
    starts_on: date
    ends_on: date
    plan_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the picture and of its table. `slug` is an entry's, None for what officers entered.

    `feeds` is the number of the line it leads to; `feeds_said` names what it leads to where that is not in
    the picture.
    """

    number: int
    title: str
    organisation: str
    tier: PlanTier
    part: PlanPart
    area_name: str | None
    starts_on: date
    ends_on: date
    slug: str | None = None
    feeds: int | None = None
    feeds_said: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Organisations:
    """Who is the authority and who the police service, by name: so that an entry stands in its tier."""

    authority: str
    police_service: str

    def tier_of(self, asking: Asking, known: Mapping[str, PlanTier]) -> PlanTier:
        """Return the tier of a consultation: its organisation's, and a partnership's for any other."""
        ours = {self.authority: PlanTier.AUTHORITY, self.police_service: PlanTier.FORCE}
        return ours.get(asking.organisation) or known.get(asking.organisation) or PlanTier.PARTNERSHIP


def shown_from(year: int) -> tuple[date, date]:
    """Return the first and the last day of the picture of `year`."""
    return date(year, 1, 1), date(year + YEARS_SHOWN - 1, 12, 31)


def fed_by(asking: Asking, periods: Iterable[Period], known: PlanTier) -> Period | None:
    """Return the plan that a consultation feeds: one that comes into force in its plan year, or None.

    Its own organisation's first, then its own tier's of the same place, then the authority's for London.
    """
    if asking.plan_year is None:
        return None
    in_force = [
        period
        for period in periods
        if period.part is PlanPart.RUNNING and period.starts_on.year == asking.plan_year
    ]
    fits = (
        [each for each in in_force if each.organisation == asking.organisation],
        [each for each in in_force if each.tier is known and each.area_code == asking.area_code],
        [each for each in in_force if each.tier is PlanTier.AUTHORITY and asking.area_code is None],
    )
    best = next((several for several in fits if several), [])
    return min(best, key=lambda each: (each.starts_on, each.id), default=None)


def lines(
    periods: Sequence[Period], entries: Iterable[Asking], year: int, organisations: Organisations
) -> tuple[Line, ...]:
    """Return the lines of the picture of `year`, numbered: the widest tier first, then by day.

    `periods` are all there are, so that what a line feeds is known where it lies outside the picture.
    """
    first, last = shown_from(year)
    tiers = {period.organisation: period.tier for period in periods}
    of_period = {period.id: period for period in periods}
    rows: list[tuple[Period | Asking, PlanTier, PlanPart, Period | None]] = [
        (each, each.tier, each.part, of_period.get(each.feeds_id or 0))
        for each in periods
        if each.starts_on <= last and each.ends_on >= first
    ]
    asked = [each for each in entries if each.starts_on <= last and each.ends_on >= first]
    # Those that say which plan they feed are what the picture is for.
    asked.sort(key=lambda each: (each.plan_year is None, each.starts_on, each.slug))
    for each in asked[:MOST_ENTRIES]:
        tier = organisations.tier_of(each, tiers)
        rows.append((each, tier, PlanPart.CONSULTING, fed_by(each, periods, tier)))
    rows.sort(key=_turn)
    numbers = {row[0].id: number for number, row in enumerate(rows, 1) if isinstance(row[0], Period)}
    return tuple(_line(number, row, numbers) for number, row in enumerate(rows, 1))


def circle(period_id: int, feeds_id: int | None, feeds: Mapping[int, int | None]) -> bool:
    """Tell whether what a period leads to would, in the end, lead back to it."""
    met: set[int] = set()
    each = feeds_id
    while each is not None and each not in met:
        if each == period_id:
            return True
        met.add(each)
        each = feeds.get(each)
    return False


def _turn(row: tuple[Period | Asking, PlanTier, PlanPart, Period | None]) -> tuple[object, ...]:
    each, tier, _, _ = row
    return list(PlanTier).index(tier), each.starts_on, each.ends_on, each.title, each.organisation


def _line(
    number: int,
    row: tuple[Period | Asking, PlanTier, PlanPart, Period | None],
    numbers: Mapping[int, int],
) -> Line:
    each, tier, part, fed = row
    return Line(
        number=number,
        title=each.title,
        organisation=each.organisation,
        tier=tier,
        part=part,
        area_name=each.area_name,
        starts_on=each.starts_on,
        ends_on=each.ends_on,
        slug=each.slug if isinstance(each, Asking) else None,
        feeds=numbers.get(fed.id) if fed else None,
        feeds_said=fed.title if fed else "",
        note=each.note if isinstance(each, Period) else "",
        source=each.source if isinstance(each, Period) else "",
    )
