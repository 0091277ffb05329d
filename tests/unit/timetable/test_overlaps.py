"""When two entries overlap, what they share, and what is suggested."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.timetable.overlaps import alike, rules
from engage.timetable.overlaps.rules import Finding, Plan
from engage.timetable.overlaps.sweep import findings
from engage.timetable.rules import Outcome

NOW = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
MAY = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)
CAMDEN, BARNET = "E09000007", "E09000003"
CPEG, MEMBER, SISTER, OTHER = 1, 2, 3, 4
_numbers = count(1)


def plan(opens: int = 0, days: int = 30, **overrides: Any) -> Plan:
    """Return a plan that opens so many days after 3 May 2027; its title is like no other's."""
    number = next(_numbers)
    opens_at = MAY + timedelta(days=opens)
    values: dict[str, Any] = {
        "id": number,
        "title": f"alpha{number} beta{number} gamma{number}",
        "opens_at": opens_at,
        "closes_at": opens_at + timedelta(days=days),
    }
    return Plan(**(values | overrides))


def both(one: dict[str, Any], other: dict[str, Any]) -> rules.Shared:
    return rules.shared(plan(**one), plan(**other))


@pytest.mark.parametrize(
    ("later", "meet"),
    [(0, True), (29, True), (30, True), (43, True), (44, False), (60, False), (-43, True), (-44, False)],
)
def test_windows_meet_until_two_weeks_lie_between_them(later: int, meet: bool) -> None:
    one, other = plan(), plan(opens=later)
    assert rules.windows_meet(one, other) is meet
    assert rules.windows_meet(other, one) is meet


TOPIC, AUDIENCE = {"topics": frozenset({"custody"})}, {"audiences": frozenset({"young_people"})}
OTHER_TOPIC = {"topics": frozenset({"budget"})}
TITLE = {"title": "Young people and the police: what we ask in 2027"}


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        # In the same place a topic, an audience or nearly a title is enough; the place alone is not.
        (TOPIC, TOPIC, True),
        (AUDIENCE, AUDIENCE, True),
        (TITLE, {"title": "What we ask young people of the Police, 2026"}, True),
        ({}, {}, False),
        (TOPIC, OTHER_TOPIC, False),
        (TOPIC, AUDIENCE, False),
        # All of London is every borough's place.
        (TOPIC | {"area_code": CAMDEN}, TOPIC, True),
        (TOPIC, TOPIC | {"area_code": CAMDEN}, True),
        (TOPIC | {"area_code": CAMDEN}, TOPIC | {"area_code": CAMDEN}, True),
        # Of different boroughs nobody is asked twice.
        (TOPIC | {"area_code": CAMDEN}, TOPIC | {"area_code": BARNET}, False),
        (AUDIENCE | {"area_code": CAMDEN}, AUDIENCE | {"area_code": BARNET}, False),
        (TITLE | {"area_code": CAMDEN}, TITLE | {"area_code": BARNET}, False),
        # Most ask everybody, and many something without a topic: that is not shared.
        ({"audiences": frozenset({"everybody"})}, {"audiences": frozenset({"everybody"})}, False),
        ({"topics": frozenset({"other"})}, {"topics": frozenset({"other"})}, False),
        # The same groups are asked, wherever; so is a group by asking the one it belongs to.
        ({"groups": frozenset({CPEG})}, {"groups": frozenset({CPEG, OTHER})}, True),
        ({"groups": frozenset({CPEG}), "area_code": CAMDEN},
         {"groups": frozenset({CPEG}), "area_code": BARNET}, True),
        ({"groups": frozenset({CPEG})}, {"groups": frozenset({MEMBER}), "above": frozenset({CPEG})}, True),
        ({"groups": frozenset({MEMBER}), "above": frozenset({CPEG})}, {"groups": frozenset({CPEG})}, True),
        ({"groups": frozenset({MEMBER}), "above": frozenset({CPEG})},
         {"groups": frozenset({SISTER}), "above": frozenset({CPEG})}, False),
        ({"groups": frozenset({CPEG})}, {"groups": frozenset({OTHER})}, False),
    ],
)  # fmt: skip
def test_what_makes_two_entries_overlap_whose_windows_meet(
    one: dict[str, Any], other: dict[str, Any], overlap: bool
) -> None:
    assert bool(both(one, other)) is overlap
    assert bool(both(other, one)) is overlap
    assert bool(findings([plan(**one), plan(**other)])) is overlap


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Policing priorities for 2027/28", "Policing priorities for 2028/29", True),
        ("Young people’s views", "Views of young people", True),
        ("Stop and search: your experience", "Your experiences of stop and search", True),
        ("Policing priorities", "Custody visitors", False),
        ("Camden community safety plan", "Barnet community safety plan", False),
        ("Burglary", "Burglary", True),
        ("Burglary", "Burglary and robbery", False),
        ("", "", False),
        ("2027", "2027", True),
    ],
)
def test_titles_are_alike_when_three_in_four_of_their_words_are_in_both(
    one: str, other: str, same: bool
) -> None:
    assert alike.are_alike(alike.words_of(one), alike.words_of(other)) is same


ids = st.integers(0, 5)
some = st.frozensets(ids.map(str), max_size=3)
a_plan = st.builds(
    dict,
    opens=st.integers(0, 120),
    days=st.integers(1, 60),
    area_code=st.sampled_from([None, CAMDEN, BARNET]),
    topics=some,
    audiences=some,
    groups=st.frozensets(ids, max_size=3),
    above=st.frozensets(st.integers(0, 8), max_size=2),
    title=st.lists(st.sampled_from(["north", "south", "east", "west", "plan"]), max_size=5).map(" ".join),
)


@given(st.lists(a_plan, max_size=12))
@settings(deadline=None)
def test_the_sweep_finds_exactly_what_comparing_each_with_each_finds(said: list[dict[str, Any]]) -> None:
    plans = [plan(**each) for each in said]
    slowly = {
        (one.id, other.id): both
        for place, one in enumerate(plans)
        for other in plans[place + 1 :]
        if rules.windows_meet(one, other) and (both := rules.shared(one, other))
    }
    found = findings(plans)
    assert {finding.pair: finding.shared for finding in found} == slowly
    assert len(found) == len(slowly)


def finding(one: Plan, other: Plan) -> Finding:
    return Finding(one, other, rules.shared(one, other))


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (TOPIC, TOPIC, Outcome.JOIN_UP),
        (TITLE, TITLE, Outcome.JOIN_UP),
        (AUDIENCE, AUDIENCE, Outcome.MOVE),
        ({"groups": frozenset({CPEG})}, {"groups": frozenset({CPEG})}, Outcome.MOVE),
        # What is open cannot be joined or moved.
        (TOPIC | {"opened": True}, TOPIC, Outcome.MOVE),
        (TOPIC | {"opened": True}, TOPIC | {"opened": True}, Outcome.KEEP_APART),
        (TOPIC | {"opens": -200, "days": 300}, TOPIC | {"opens": -150, "days": 300}, Outcome.KEEP_APART),
    ],
)
def test_a_suggestion_for_every_kind_of_overlap(
    one: dict[str, Any], other: dict[str, Any], outcome: Outcome
) -> None:
    plans = [plan(**one), plan(**other)]
    assert rules.suggestion(finding(*plans), plans, NOW).outcome is outcome


def test_the_one_that_opens_later_is_moved_and_one_that_is_open_never() -> None:
    early, late = plan(opens=0, **AUDIENCE), plan(opens=10, **AUDIENCE)
    assert rules.suggestion(finding(early, late), [early, late], NOW).move_id == late.id
    running = plan(opens=20, opened=True, **AUDIENCE)
    assert rules.suggestion(finding(early, running), [early, running], NOW).move_id == early.id


def test_a_move_goes_to_the_first_window_that_is_free_of_everything_like_it() -> None:
    mine = plan(opens=10, days=20, **AUDIENCE)
    plans = [
        plan(opens=0, days=30, **AUDIENCE),
        # Too short a gap from day 44 to day 60, and none from 80 + 14 on.
        plan(opens=60, days=20, **AUDIENCE),
        # Not in the way: another borough's and another audience's.
        plan(opens=90, days=60, area_code=CAMDEN),
        plan(opens=90, days=60, **TOPIC),
        mine,
    ]
    assert rules.first_free(mine, plans) == MAY + timedelta(days=94)
    said = rules.suggestion(finding(plans[0], mine), plans, NOW)
    assert (said.opens_on, said.last_day) == (date(2027, 8, 5), date(2027, 8, 25))


def test_a_move_keeps_the_hour_that_londons_clocks_showed() -> None:
    mine = plan(opens=10, **AUDIENCE)
    running = plan(opens=0, days=180, **AUDIENCE)
    # The margin ends in winter time, an hour later by UTC.
    assert rules.first_free(mine, [mine, running]) == datetime(2027, 11, 13, 9, 0, tzinfo=UTC)


def test_days_together_are_those_on_which_both_are_open() -> None:
    assert finding(plan(**TOPIC), plan(opens=20, **TOPIC)).days_together == 10
    assert finding(plan(**TOPIC), plan(opens=30, **TOPIC)).days_together == 0
    assert finding(plan(**TOPIC), plan(opens=40, **TOPIC)).days_together == 0
