"""The clock of a group."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from engage.foundations.clock import london_moment
from engage.timetable.notices.rules import Fits, addresses_in, clock, fits, listed


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return london_moment(date(year, month, day), time(hour, minute))


@pytest.mark.parametrize(
    ("issued_at", "opening_at", "enough"),
    [
        (at(2027, 4, 5), at(2027, 7, 5, 9), True),
        (at(2027, 4, 6), at(2027, 7, 5, 9), False),
        # Told at any hour of a day counts as that day, in London.
        (at(2027, 4, 5, 23, 59), at(2027, 7, 5, 0), True),
        (datetime(2027, 4, 5, 23, 30, tzinfo=UTC), at(2027, 7, 5, 9), False),
        (datetime(2027, 1, 5, 23, 30, tzinfo=UTC), at(2027, 4, 5, 9), True),
        # Where the month has no such day, its last one.
        (at(2027, 11, 30), at(2028, 2, 29), True),
        (at(2027, 11, 30), at(2028, 2, 28), False),
        (at(2026, 11, 30), at(2027, 2, 28), True),
        (at(2028, 2, 29), at(2028, 5, 29), True),
        (at(2028, 2, 29), at(2028, 5, 28), False),
        # Not told at all.
        (None, at(2027, 7, 5), False),
    ],
)
def test_three_months_are_counted_by_londons_calendar(
    issued_at: datetime | None, opening_at: datetime, enough: bool
) -> None:
    assert clock(issued_at, opening_at, at(2027, 1, 1)).enough is enough


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (at(2027, 7, 4, 23, 59), 1),
        (at(2027, 7, 5, 0), 0),
        (at(2027, 7, 5, 10), 0),
        (at(2027, 8, 1), 0),
        (at(2027, 4, 5), 91),
        # The night in which the clocks change is a day like any other.
        (at(2027, 3, 27, 23, 30), 100),
    ],
)
def test_days_left_are_days_of_the_calendar(now: datetime, left: int) -> None:
    assert clock(None, at(2027, 7, 5, 9), now).days_left == left


def test_the_first_day_it_can_open_is_three_months_after_the_group_was_told() -> None:
    assert clock(at(2027, 11, 30), at(2028, 6, 1), at(2027, 12, 1)).can_open_on == date(2028, 2, 29)
    assert clock(None, at(2028, 6, 1), at(2027, 12, 1)).can_open_on is None


@pytest.mark.parametrize(
    ("meets_at", "expected"),
    [
        (None, Fits.UNKNOWN),
        (at(2027, 7, 5, 8, 59), Fits.BEFORE),
        (at(2027, 7, 5, 9), Fits.WHILE_OPEN),
        (at(2027, 9, 30, 23, 59), Fits.WHILE_OPEN),
        (at(2027, 10, 1, 0), Fits.TOO_LATE),
    ],
)
def test_a_meeting_is_before_during_or_too_late(meets_at: datetime | None, expected: Fits) -> None:
    assert fits(meets_at, at(2027, 7, 5, 9), at(2027, 10, 1, 0)) is expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("the engagement team", ()),
        ("Ann Example, Ann@Example.org", ("ann@example.org",)),
        (
            "Ann <ann@example.org>; bob@example.org (and ann@example.org)",
            ("ann@example.org", "bob@example.org"),
        ),
        ("@example, a@b", ()),
    ],
)
def test_addresses_are_found_in_what_is_written_of_a_cover(text: str, found: tuple[str, ...]) -> None:
    assert addresses_in(text) == found


def test_long_lists_of_groups_say_how_many_more() -> None:
    assert listed(("A", "B")) == "A, B"
