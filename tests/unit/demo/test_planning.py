"""The demonstration's calendar of plans."""

from __future__ import annotations

import pytest

from engage.demo.planning import periods
from engage.timetable.plans import service
from engage.timetable.rules import PlanTier


@pytest.mark.parametrize("year", [2027, 2028, 2032])
def test_the_example_of_every_tier_says_that_it_is_one_and_where_it_is_from(year: int) -> None:
    example = periods(year)
    assert {details.tier for details, _ in example.values()} == set(PlanTier)
    for details, _ in example.values():
        assert service.accepted(details) == details
        assert "(example)" in details.title
        assert details.note
        assert details.source


def test_what_feeds_something_in_the_example_begins_before_it() -> None:
    example = periods(2028)
    for details, feeds in example.values():
        assert feeds is None or details.starts_on < example[feeds][0].starts_on
