"""Who has been heard, beside who lives here: as truth tables."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engage.analysis import heard
from engage.analysis.heard import Heard, Standing
from engage.groups.rules import Community


@dataclass(frozen=True)
class Borough:
    code: str
    name: str
    residents: int | None


NORTH, SOUTH, EAST = (
    Borough("n", "North", 100_000),
    Borough("s", "South", 100_000),
    Borough("e", "East", 50_000),
)
RESIDENTS = {
    "age_band": {"under_16": 200, "16-24": 100, "25-34": 100, "65_plus": 100},
    "sex": {"female": 500, "male": 500},
}


@pytest.mark.parametrize(
    ("share", "of_residents", "answers", "found"),
    [
        (None, 0.2, 500, Standing.TOO_EARLY),
        (0.2, 0.2, 49, Standing.TOO_EARLY),
        (0.2, 0.2, 50, Standing.LIKE_OTHERS),
        (0.16, 0.2, 50, Standing.LIKE_OTHERS),
        (0.159, 0.2, 50, Standing.LESS),
        (0.1, 0.2, 50, Standing.LESS),
        (0.099, 0.2, 50, Standing.HARDLY),
        (0.0, 0.2, 50, Standing.HARDLY),
        (0.4, 0.2, 50, Standing.LIKE_OTHERS),
        (0.4, 0.0, 50, Standing.TOO_EARLY),
    ],
)
def test_a_part_is_heard_as_much_as_its_share_of_the_residents(
    share: float | None, of_residents: float, answers: int, found: Standing
) -> None:
    assert heard.standing(share, of_residents, answers=answers) is found


def test_the_least_heard_borough_comes_first_and_rates_are_of_its_own_residents() -> None:
    lines = heard.area_lines(
        Heard({"n": 200, "s": 20, "e": 60, "outside": 900}, {}), [NORTH, SOUTH, EAST], threshold=5
    )
    assert [(line.name, line.standing) for line in lines] == [
        ("South", Standing.HARDLY),
        ("East", Standing.LIKE_OTHERS),
        ("North", Standing.LIKE_OTHERS),
    ]
    assert [line.rate for line in lines] == [2.0, 12.0, 20.0]


def test_a_borough_of_few_responses_is_withheld_and_cannot_be_worked_out() -> None:
    lines = heard.area_lines(Heard({"n": 200, "s": 3, "e": 60}, {}), [NORTH, SOUTH, EAST], threshold=5)
    withheld = [line.name for line in lines if line.responses.withheld]
    assert "South" in withheld
    assert len(withheld) == 2
    assert all(line.rate is None for line in lines if line.responses.withheld)


def test_children_are_left_out_of_both_sides_where_they_may_not_answer() -> None:
    found = Heard(
        {}, {"age_band": {"under_16": 7, "16-24": 30, "25-34": 30, "65_plus": 40, "undisclosed": 50}}
    )
    without = heard.part_lines(found, RESIDENTS, children=False, threshold=5)
    lines = {line.category: line for line in without if line.measure == "age_band"}
    assert set(lines) == {"16-24", "25-34", "65_plus"}
    assert lines["16-24"].share == 0.3
    assert lines["16-24"].of_residents == pytest.approx(1 / 3)
    assert lines["16-24"].community is Community.YOUNG_PEOPLE
    assert lines["25-34"].community is None
    everybody = heard.part_lines(found, RESIDENTS, children=True, threshold=5)
    assert [line.share for line in everybody if line.category == "under_16"] == [pytest.approx(7 / 107)]


def test_where_nobody_said_it_is_too_early() -> None:
    lines = heard.part_lines(Heard({}, {}), RESIDENTS, children=True, threshold=5)
    assert {line.standing for line in lines} == {Standing.TOO_EARLY}
    assert {line.said.count for line in lines} == {0}
