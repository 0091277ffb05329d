from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engage.timetable.rules import Topic
from engage.timetable.subscriptions.rules import (
    CONFIRM_WITHIN,
    EVERYTHING,
    Wishes,
    confirmable,
    digest_day,
    wanted,
    withheld,
)

BARNET, CAMDEN = "E09000003", "E09000007"
NOW = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wishes", "area", "topics", "hears"),
    [
        (EVERYTHING, CAMDEN, {Topic.CUSTODY}, True),
        (EVERYTHING, None, set(), True),
        (Wishes(areas=frozenset({CAMDEN})), CAMDEN, set(), True),
        (Wishes(areas=frozenset({CAMDEN})), None, set(), True),
        (Wishes(areas=frozenset({CAMDEN})), BARNET, set(), False),
        (Wishes(topics=frozenset({Topic.CUSTODY})), BARNET, {Topic.CUSTODY, Topic.BUDGET}, True),
        (Wishes(topics=frozenset({Topic.CUSTODY})), BARNET, {Topic.BUDGET}, False),
        (Wishes(topics=frozenset({Topic.CUSTODY})), BARNET, set(), True),
        (Wishes(frozenset({CAMDEN}), frozenset({Topic.CUSTODY})), BARNET, {Topic.CUSTODY}, False),
        (Wishes(frozenset({CAMDEN}), frozenset({Topic.CUSTODY})), CAMDEN, {Topic.CUSTODY}, True),
    ],
)
def test_somebody_hears_of_their_boroughs_their_topics_and_all_of_london(
    wishes: Wishes, area: str | None, topics: set[Topic], hears: bool
) -> None:
    assert wanted(wishes, area, topics) is hears


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2027, 6, 1, 5, 59, tzinfo=UTC), None),
        (datetime(2027, 6, 1, 6, 0, tzinfo=UTC), date(2027, 6, 1)),
        (datetime(2027, 12, 1, 6, 59, tzinfo=UTC), None),
        (datetime(2027, 12, 1, 7, 0, tzinfo=UTC), date(2027, 12, 1)),
        (datetime(2027, 6, 1, 22, 59, tzinfo=UTC), date(2027, 6, 1)),
        (datetime(2027, 6, 1, 23, 30, tzinfo=UTC), None),
    ],
)
def test_the_news_of_a_day_is_due_at_seven_in_london(moment: datetime, day: date | None) -> None:
    assert digest_day(moment) == day


def test_what_was_asked_for_can_be_confirmed_for_three_days() -> None:
    assert confirmable(NOW, NOW + CONFIRM_WITHIN - timedelta(seconds=1))
    assert not confirmable(NOW, NOW + CONFIRM_WITHIN)


@pytest.mark.parametrize(("count", "seen"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_small_counts_are_not_shown(count: int, seen: int | None) -> None:
    assert withheld(count, 5) == seen
