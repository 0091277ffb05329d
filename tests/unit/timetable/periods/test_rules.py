"""Bad times to ask: what an officer is warned of, and what not."""

from __future__ import annotations

from datetime import date, time

import pytest

from engage.foundations.clock import london_moment
from engage.timetable.periods.rules import (
    Concern,
    Period,
    Warning,
    bank_holidays,
    days_open,
    in_christmas_week,
    is_working_day,
    warnings,
    working_day_from,
    working_day_until,
)
from engage.timetable.rules import PeriodKind, closing_after


def told(first: date, last: date, *periods: Period) -> tuple[Warning, ...]:
    return warnings(london_moment(first, time(9)), closing_after(last), periods)


def concerns(first: date, last: date, *periods: Period) -> list[Concern]:
    return [warning.concern for warning in told(first, last, *periods)]


# Monday to Friday over twelve weeks without a bank holiday.
GOOD = (date(2027, 9, 6), date(2027, 12, 3))


def test_a_good_time_warns_of_nothing() -> None:
    assert told(*GOOD) == ()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # Twelve weeks to the day are enough; a day less is not.
        (date(2027, 9, 6), date(2027, 11, 28), [Concern.CLOSES_BADLY]),
        (date(2027, 9, 6), date(2027, 11, 26), [Concern.SHORT]),
        # A leap day is a day like any other.
        (date(2028, 1, 10), date(2028, 3, 31), [Concern.SHORT]),
        (date(2028, 1, 7), date(2028, 3, 30), []),
        # Saturday and Sunday, at both ends.
        (date(2027, 9, 4), date(2027, 12, 3), [Concern.OPENS_BADLY]),
        (date(2027, 9, 6), date(2027, 12, 4), [Concern.CLOSES_BADLY]),
        (date(2027, 9, 6), date(2027, 12, 5), [Concern.CLOSES_BADLY]),
        # From 24 December to 1 January, and the days on either side.
        (date(2027, 9, 6), date(2027, 12, 23), []),
        (date(2027, 9, 6), date(2027, 12, 24), [Concern.CHRISTMAS]),
        (date(2027, 9, 6), date(2027, 12, 31), [Concern.BANK_HOLIDAYS, Concern.CHRISTMAS]),
        (date(2027, 9, 6), date(2028, 1, 1), [Concern.BANK_HOLIDAYS, Concern.CHRISTMAS]),
        (date(2027, 9, 6), date(2028, 1, 4), [Concern.BANK_HOLIDAYS]),
        # August: its last day and its first count, the days beside it do not.
        (date(2027, 8, 31), date(2027, 12, 3), [Concern.AUGUST]),
        (date(2027, 9, 1), date(2027, 12, 3), []),
        (date(2027, 5, 4), date(2027, 7, 30), [Concern.BANK_HOLIDAYS]),
        (date(2027, 5, 4), date(2027, 8, 2), [Concern.AUGUST, Concern.BANK_HOLIDAYS]),
        # A bank holiday on the day it opens and within.
        (date(2027, 5, 31), date(2027, 7, 29), [Concern.SHORT, Concern.BANK_HOLIDAYS, Concern.OPENS_BADLY]),
        (date(2027, 3, 30), date(2027, 6, 30), [Concern.BANK_HOLIDAYS]),
    ],
)
def test_each_bad_time_is_warned_of(first: date, last: date, expected: list[Concern]) -> None:
    assert concerns(first, last) == expected


def test_days_are_counted_by_londons_calendar_across_the_change_of_clocks() -> None:
    assert days_open(london_moment(date(2027, 3, 27), time(23, 30)), closing_after(date(2027, 3, 28))) == 2
    assert days_open(london_moment(date(2027, 10, 31), time(0)), closing_after(date(2027, 10, 31))) == 1


@pytest.mark.parametrize(
    ("starts", "ends", "met"),
    [
        (date(2027, 9, 1), date(2027, 9, 5), False),
        (date(2027, 9, 1), date(2027, 9, 6), True),
        (date(2027, 12, 3), date(2027, 12, 9), True),
        (date(2027, 12, 4), date(2027, 12, 9), False),
        (date(2027, 10, 25), date(2027, 10, 29), True),
    ],
)
def test_a_period_is_met_on_its_first_and_on_its_last_day(starts: date, ends: date, met: bool) -> None:
    period = Period(PeriodKind.SCHOOL_HOLIDAY, "Half term", starts, ends)
    assert concerns(*GOOD, period) == ([Concern.SCHOOL_HOLIDAY] if met else [])


def test_an_election_weighs_more_than_a_school_holiday_and_each_is_named() -> None:
    periods = [
        Period(PeriodKind.OTHER, "Strike", date(2027, 10, 1), date(2027, 10, 1)),
        Period(PeriodKind.SCHOOL_HOLIDAY, "Half term", date(2027, 10, 25), date(2027, 10, 29)),
        Period(PeriodKind.PRE_ELECTION, "Mayor", date(2027, 11, 1), date(2027, 11, 30)),
    ]
    found = told(*GOOD, *periods)
    assert [warning.concern for warning in found] == [
        Concern.PRE_ELECTION,
        Concern.SCHOOL_HOLIDAY,
        Concern.OTHER,
    ]


@pytest.mark.parametrize(
    ("on", "working"),
    [
        (date(2027, 12, 24), True),
        (date(2027, 12, 25), False),
        (date(2027, 12, 27), False),
        (date(2027, 12, 28), False),
        (date(2027, 12, 29), True),
        (date(2027, 3, 26), False),
        (date(2028, 2, 29), True),
        (date(2027, 7, 12), True),
    ],
)
def test_bank_holidays_are_englands(on: date, working: bool) -> None:
    # 12 July is one in Northern Ireland only.
    assert is_working_day(on) is working


def test_working_days_are_found_forwards_and_backwards_over_the_end_of_a_year() -> None:
    assert working_day_from(date(2027, 12, 25)) == date(2027, 12, 29)
    assert working_day_until(date(2028, 1, 2)) == date(2027, 12, 31)
    assert working_day_from(date(2027, 6, 1)) == working_day_until(date(2027, 6, 1)) == date(2027, 6, 1)


def test_the_names_of_bank_holidays_are_known() -> None:
    assert bank_holidays(2027)[date(2027, 8, 30)] == "Late Summer Bank Holiday"


@pytest.mark.parametrize(
    ("on", "inside"),
    [
        (date(2027, 12, 23), False),
        (date(2027, 12, 24), True),
        (date(2028, 1, 1), True),
        (date(2028, 1, 2), False),
    ],
)
def test_the_christmas_week_has_an_end(on: date, inside: bool) -> None:
    assert in_christmas_week(on) is inside
