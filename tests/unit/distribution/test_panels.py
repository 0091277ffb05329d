"""Who of a panel is asked next, and when a reminder may go."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.distribution.panels.rules import (
    Candidate,
    Limits,
    draw,
    eligible,
    few,
    may_remind,
    share_out,
    shown_of,
)

TODAY = date(2027, 10, 1)
NOW = datetime(2027, 10, 1, 9, 0, tzinfo=UTC)
LIMITS = Limits(rest_days=60, most_a_year=4)


def candidates(count: int, **values: object) -> list[Candidate]:
    return [Candidate(UUID(int=n), **values) for n in range(1, count + 1)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "days_ago", "may"),
    [(0, None, True), (1, 59, False), (1, 60, True), (3, 200, True), (4, 200, False), (4, 10, False)],
)
def test_nobody_is_asked_within_the_rest_or_too_often_in_a_year(
    asked: int, days_ago: int | None, may: bool
) -> None:
    last = TODAY - timedelta(days=days_ago) if days_ago is not None else None
    [candidate] = candidates(1, asked=asked, last_asked=last)
    assert bool(eligible([candidate], LIMITS, TODAY).candidates) is may


def test_those_asked_least_go_first_and_then_those_asked_longest_ago() -> None:
    never = Candidate(UUID(int=1))
    long_ago = Candidate(UUID(int=2), asked=1, last_asked=date(2027, 1, 1))
    lately = Candidate(UUID(int=3), asked=1, last_asked=date(2027, 6, 1))
    often = Candidate(UUID(int=4), asked=2, last_asked=date(2026, 12, 1))
    everybody = [often, lately, never, long_ago]
    assert [draw(everybody, n, "seed")[-1] for n in range(1, 5)] == [never, long_ago, lately, often]


def test_equals_are_drawn_by_a_lot_that_its_seed_repeats_whatever_their_order() -> None:
    everybody = candidates(100)
    shuffled = random.Random(1).sample(everybody, 100)
    assert draw(everybody, 10, "one") == draw(shuffled, 10, "one")
    assert draw(everybody, 10, "one") != draw(everybody, 10, "another")


def test_over_many_seeds_equals_are_drawn_about_equally_often() -> None:
    everybody = candidates(10)
    times = dict.fromkeys(everybody, 0)
    for seed in range(1000):
        for drawn in draw(everybody, 5, str(seed)):
            times[drawn] += 1
    assert all(400 < n < 600 for n in times.values())


def test_places_are_shared_by_residents_and_what_one_cannot_fill_goes_to_the_others() -> None:
    assert share_out(10, {"a": 60, "b": 30, "c": 10}, {"a": 99, "b": 99, "c": 99}) == {"a": 6, "b": 3, "c": 1}
    assert share_out(10, {"a": 60, "b": 30, "c": 10}, {"a": 2, "b": 99, "c": 99}) == {"a": 2, "b": 6, "c": 2}


def test_a_spread_draw_takes_each_borough_by_its_residents_and_others_for_what_is_left() -> None:
    camden = [Candidate(UUID(int=n), "camden") for n in range(1, 31)]
    brent = [Candidate(UUID(int=n), "brent") for n in range(31, 34)]
    nowhere = [Candidate(UUID(int=n)) for n in range(34, 40)]
    residents = {"camden": 100, "brent": 100, "bexley": 100}
    drawn = draw([*nowhere, *camden, *brent], 20, "seed", residents)
    assert sorted(c.area_code or "-" for c in drawn) == ["brent"] * 3 + ["camden"] * 17
    assert len(draw([*nowhere, *brent], 20, "seed", residents)) == 9


@given(
    st.integers(0, 200),
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 1000), st.integers(0, 50))),
)
def test_exactly_the_places_there_are_people_for_are_given(
    size: int, areas: dict[str, tuple[int, int]]
) -> None:
    there = {area: n for area, (_, n) in areas.items()}
    given_ = share_out(size, {area: weight for area, (weight, _) in areas.items()}, there)
    assert sum(given_.values()) == min(size, sum(there.values()))
    assert all(n <= there[area] for area, n in given_.items())


def test_areas_where_fewer_than_the_threshold_are_asked_are_counted() -> None:
    assert few(["a"] * 5 + ["b"] * 4 + [None], 5) == 2


@pytest.mark.parametrize(
    ("asked_days_ago", "reminded", "hours_left", "is_open", "may"),
    [
        (5, False, 48, True, True),
        (5, True, 48, True, False),
        (5, False, 24, True, False),
        (5, False, -1, True, False),
        (5, False, 48, False, False),
        (0, False, 48, True, False),
    ],
)
def test_a_reminder_goes_once_and_not_in_the_last_day_nor_after_closing(
    asked_days_ago: int, reminded: bool, hours_left: int, is_open: bool, may: bool
) -> None:
    assert (
        may_remind(
            asked_at=NOW - timedelta(days=asked_days_ago),
            reminded_at=NOW if reminded else None,
            closes_at=NOW + timedelta(hours=hours_left),
            is_open=is_open,
            now=NOW,
        )
        is may
    )


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 20, None), (4, 20, None), (5, 20, 5), (15, 20, 15), (16, 20, None), (20, 20, None)],
)
def test_how_many_answered_is_not_told_where_it_tells_who(part: int, whole: int, shown: int | None) -> None:
    assert shown_of(part, whole, 5).number == shown
