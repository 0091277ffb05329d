"""How often each group is asked in each month of a year."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engage.timetable.overlaps import asks
from engage.timetable.rules import closing_after

CPEG, MEMBER, SISTER, BRANCH, ALONE = 1, 2, 3, 4, 5
ABOVE = {MEMBER: CPEG, SISTER: CPEG, BRANCH: MEMBER}


def window(opens: date, last_day: date) -> tuple[datetime, datetime]:
    return datetime(opens.year, opens.month, opens.day, 9, tzinfo=UTC), closing_after(last_day)


@pytest.mark.parametrize(
    ("opens", "last_day", "months"),
    [
        (date(2027, 5, 3), date(2027, 5, 30), [5]),
        (date(2027, 5, 31), date(2027, 7, 1), [5, 6, 7]),
        # Until the end of a month is not the next one, whatever UTC says.
        (date(2027, 5, 3), date(2027, 6, 30), [5, 6]),
        (date(2026, 12, 1), date(2027, 1, 1), [1]),
        (date(2027, 12, 31), date(2028, 3, 1), [12]),
        (date(2026, 1, 1), date(2026, 12, 31), []),
        (date(2028, 1, 1), date(2028, 2, 1), []),
        (date(2026, 1, 1), date(2028, 12, 31), list(range(1, 13))),
    ],
)
def test_an_entry_asks_in_the_months_in_which_it_is_open(
    opens: date, last_day: date, months: list[int]
) -> None:
    assert list(asks.months_open(*window(opens, last_day), 2027)) == months


def test_what_asks_a_group_asks_those_above_it_and_each_entry_counts_once() -> None:
    windows = {
        10: window(date(2027, 5, 1), date(2027, 6, 30)),
        11: window(date(2027, 6, 1), date(2027, 6, 30)),
        12: window(date(2026, 1, 1), date(2026, 6, 30)),
    }
    asked = [(10, MEMBER), (10, SISTER), (10, CPEG), (11, BRANCH), (12, ALONE), (99, ALONE)]
    found = asks.counted(windows, asked, ABOVE, 2027)
    said = {group: (each.by_month[4:6], each.in_year, each.at_most) for group, each in found.items()}
    assert said == {
        CPEG: ((1, 2), 2, 2),
        MEMBER: ((1, 2), 2, 2),
        SISTER: ((1, 1), 1, 1),
        BRANCH: ((0, 1), 1, 1),
    }


def test_groups_in_a_ring_are_counted_all_the_same() -> None:
    windows = {10: window(date(2027, 5, 1), date(2027, 5, 30))}
    found = asks.counted(windows, [(10, 1)], {1: 2, 2: 1}, 2027)
    assert {group: each.in_year for group, each in found.items()} == {1: 1, 2: 1}


@pytest.mark.parametrize(("entries", "step"), [(0, 0), (1, 1), (2, 2), (3, 3), (9, 3)])
def test_three_or_more_are_one_shade(entries: int, step: int) -> None:
    assert asks.shade(entries) == step
