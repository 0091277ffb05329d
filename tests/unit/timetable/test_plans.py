"""Which plans stand in the picture of two years, which feeds which, and where they are drawn."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from engage.timetable.plans import picture, rules
from engage.timetable.plans.rules import Asking, Organisations, Period
from engage.timetable.rules import PlanPart, PlanTier

WHO = Organisations("The Authority", "The Police")
CAMDEN = "E09000007"


def period(id_: int, starts: date, ends: date, **overrides: Any) -> Period:
    values: dict[str, Any] = {
        "id": id_,
        "title": f"Plan {id_}",
        "organisation": "The Authority",
        "tier": PlanTier.AUTHORITY,
        "part": PlanPart.RUNNING,
        "area_code": None,
        "area_name": None,
        "starts_on": starts,
        "ends_on": ends,
    }
    return Period(**(values | overrides))


def asking(**overrides: Any) -> Asking:
    values: dict[str, Any] = {
        "slug": "asking",
        "title": "Asking",
        "organisation": "The Authority",
        "area_code": None,
        "area_name": None,
        "starts_on": date(2027, 6, 1),
        "ends_on": date(2027, 8, 31),
    }
    return Asking(**(values | overrides))


APRIL_28, MARCH_29 = date(2028, 4, 1), date(2029, 3, 31)
OURS = period(1, APRIL_28, MARCH_29)
FORCE = period(2, APRIL_28, MARCH_29, organisation="The Police", tier=PlanTier.FORCE)
CAMDENS = period(
    3, APRIL_28, MARCH_29, organisation="Safer Camden", tier=PlanTier.PARTNERSHIP, area_code=CAMDEN
)
NEXT = period(4, date(2029, 4, 1), date(2030, 3, 31))
DRAFT = period(5, date(2028, 1, 1), date(2028, 3, 1), part=PlanPart.DECIDING)
PLANS = [OURS, FORCE, CAMDENS, NEXT, DRAFT]


@pytest.mark.parametrize(
    ("said", "fed"),
    [
        ({}, None),
        ({"plan_year": 2028}, OURS),
        ({"plan_year": 2029}, NEXT),
        ({"plan_year": 2030}, None),
        ({"plan_year": 2028, "organisation": "The Police"}, FORCE),
        ({"plan_year": 2028, "organisation": "Safer Camden"}, CAMDENS),
        # Somebody else's of the same tier and place; then London's own; never another borough's.
        ({"plan_year": 2028, "organisation": "Camden Council", "area_code": CAMDEN}, CAMDENS),
        ({"plan_year": 2028, "organisation": "A charity"}, OURS),
        ({"plan_year": 2028, "organisation": "Safer Barnet", "area_code": "E09000003"}, None),
    ],
)
def test_a_consultation_feeds_the_plan_that_comes_into_force_in_its_plan_year(
    said: dict[str, Any], fed: Period | None
) -> None:
    one = asking(**said)
    tiers = {each.organisation: each.tier for each in PLANS}
    assert rules.fed_by(one, PLANS, WHO.tier_of(one, tiers)) == fed


@pytest.mark.parametrize(
    ("organisation", "tier"),
    [
        ("The Authority", PlanTier.AUTHORITY),
        ("The Police", PlanTier.FORCE),
        ("Home Office", PlanTier.NATIONAL),
        ("Anybody else", PlanTier.PARTNERSHIP),
    ],
)
def test_a_consultation_stands_in_the_tier_of_its_organisation(organisation: str, tier: PlanTier) -> None:
    known = {"Home Office": PlanTier.NATIONAL}
    assert WHO.tier_of(asking(organisation=organisation), known) is tier


@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        (date(2025, 1, 1), date(2026, 12, 31), False),
        (date(2025, 1, 1), date(2027, 1, 1), True),
        (date(2027, 5, 1), date(2027, 5, 1), True),
        (date(2028, 12, 31), date(2029, 5, 1), True),
        (date(2029, 1, 1), date(2029, 5, 1), False),
        (date(2020, 1, 1), date(2035, 1, 1), True),
    ],
)
def test_the_picture_shows_what_touches_its_two_years(starts: date, ends: date, shown: bool) -> None:
    assert bool(rules.lines([period(1, starts, ends)], [], 2027, WHO)) is shown
    one = asking(starts_on=starts, ends_on=ends)
    assert bool(rules.lines([], [one], 2027, WHO)) is shown


def test_lines_are_numbered_from_the_widest_tier_down_and_name_what_they_feed() -> None:
    national = period(9, date(2027, 10, 1), date(2027, 12, 1), tier=PlanTier.NATIONAL, feeds_id=1)
    beyond = period(8, date(2028, 10, 1), date(2028, 12, 31), feeds_id=4)
    found = rules.lines([OURS, NEXT, national, beyond], [asking(plan_year=2028)], 2027, WHO)
    said = [(line.number, line.title, line.feeds, line.feeds_said) for line in found]
    assert said == [
        (1, "Plan 9", 3, "Plan 1"),
        (2, "Asking", 3, "Plan 1"),
        (3, "Plan 1", None, ""),
        (4, "Plan 8", None, "Plan 4"),
    ]


def test_of_too_many_consultations_those_that_name_a_plan_stay() -> None:
    many = [asking(slug=f"a-{number:03}") for number in range(rules.MOST_ENTRIES + 5)]
    found = rules.lines([], [*many, asking(slug="z", title="With a plan", plan_year=2028)], 2027, WHO)
    assert len(found) == rules.MOST_ENTRIES
    assert "With a plan" in {line.title for line in found}


@pytest.mark.parametrize(
    ("period_id", "feeds_id", "leads_back"),
    [(1, None, False), (1, 1, True), (1, 2, False), (3, 1, True), (3, 2, True), (4, 5, False)],
)
def test_what_leads_back_to_itself_is_a_circle(
    period_id: int, feeds_id: int | None, leads_back: bool
) -> None:
    # 5 and 6 lead to each other already: looking along them comes to an end.
    assert rules.circle(period_id, feeds_id, {1: 2, 2: 3, 3: None, 4: None, 5: 6, 6: 5}) is leads_back


def test_a_bar_begins_with_its_first_day_and_ends_with_its_last() -> None:
    assert picture.x_of(date(2027, 1, 1), 2027) == picture.LEFT
    assert picture.end_of(date(2027, 1, 31), 2027) == picture.x_of(date(2027, 2, 1), 2027)
    assert picture.end_of(date(2028, 2, 29), 2027) == picture.x_of(date(2028, 3, 1), 2027)


def drawing(*periods: Period, today: date = date(2027, 5, 1)) -> picture.Picture:
    found = rules.lines(periods, [], 2027, WHO)
    return picture.drawn(found, 2027, today, [line.title * 8 for line in found])


def test_every_bar_and_its_words_stay_inside_the_picture() -> None:
    drawn = drawing(
        period(1, date(2020, 1, 1), date(2040, 1, 1)),
        period(2, date(2028, 12, 31), date(2029, 1, 1)),
        period(3, date(2027, 1, 1), date(2027, 1, 1), tier=PlanTier.NATIONAL),
    )
    assert [heading.tier for heading in drawn.headings] == [PlanTier.NATIONAL, PlanTier.AUTHORITY]
    for bar in drawn.bars:
        room = len(bar.line.title * 8) * picture.LETTER
        begins = bar.words_x - room if bar.words_end else bar.words_x
        assert begins >= 0
        assert (bar.words_x if bar.words_end else begins + room) <= drawn.width
        assert bar.width >= 4
        assert picture.LEFT <= bar.x < bar.x + bar.width <= drawn.width
    tops = [bar.y for bar in drawn.bars]
    assert tops == sorted(set(tops))
    assert tops[-1] + picture.BAR < drawn.height


def test_an_arrow_ends_at_the_bar_that_is_fed() -> None:
    later = period(2, date(2028, 4, 1), date(2028, 12, 31))
    during = period(3, date(2027, 2, 1), date(2028, 12, 31), organisation="Z")
    drawn = drawing(
        period(1, date(2027, 1, 1), date(2027, 6, 30), feeds_id=2),
        later,
        during,
        period(4, date(2027, 1, 1), date(2027, 6, 30), organisation="Z", feeds_id=3),
        period(5, date(2027, 3, 1), date(2028, 3, 31), title="Before", feeds_id=2),
    )
    bars = {bar.line.title: bar for bar in drawn.bars}
    ends = [tuple(map(float, re.findall(r"[-\d.]+", path)[-2:])) for path in drawn.arrows]
    assert len(ends) == 3
    # From left to right the last numbers are a height and a place; from above a place and a height.
    assert ends[0] == (bars["Plan 2"].y + picture.BAR / 2, bars["Plan 2"].x)
    assert ends[2] == ends[0]
    assert ends[1][1] == bars["Plan 3"].y
    assert bars["Plan 3"].x <= ends[1][0] <= bars["Plan 3"].x + bars["Plan 3"].width


@pytest.mark.parametrize(
    ("today", "shown"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True), (date(2029, 1, 1), False)]
)
def test_today_is_marked_in_the_years_that_have_it(today: date, shown: bool) -> None:
    assert (drawing(OURS, today=today).today is not None) is shown
