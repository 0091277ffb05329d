"""When feedback may be published, and who counts as reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engage.feedback.rules import Reach, Readiness, days_late, missing_to_publish, missing_to_submit

READY = Readiness(
    said="s",
    decided="d",
    reconciled="r",
    is_decided=True,
    decisions=1,
    is_published=False,
    is_submitted=True,
    is_approved=True,
)


def test_feedback_with_everything_can_be_published() -> None:
    assert missing_to_publish(READY) == ()


@pytest.mark.parametrize(
    "lacking",
    [
        {"said": " \n"},
        {"decided": ""},
        {"reconciled": ""},
        {"is_decided": False},
        {"decisions": 0},
        {"is_published": True},
    ],
)
def test_each_thing_that_is_missing_is_named_once(lacking: dict[str, object]) -> None:
    assert len(missing_to_publish(replace(READY, **lacking))) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("published", "late"),
    [
        (datetime(2027, 12, 15, 12, tzinfo=UTC), 0),
        (datetime(2027, 12, 16, 23, 59, tzinfo=UTC), 0),
        (datetime(2027, 12, 17, 0, 0, tzinfo=UTC), 1),
        (datetime(2028, 1, 16, 9, tzinfo=UTC), 31),
    ],
)
def test_feedback_is_late_from_the_day_after_it_was_due(published: datetime, late: int) -> None:
    assert days_late(date(2027, 12, 16), published) == late


def test_feedback_that_was_never_due_is_never_late() -> None:
    assert days_late(None, datetime(2028, 1, 1, tzinfo=UTC)) == 0


def test_those_who_could_not_be_reached_count_among_those_owed() -> None:
    assert Reach(owed=8, reached=6, waiting=0, failed=2).share == 0.75
    assert Reach(owed=0, reached=0, waiting=0, failed=0).share is None


def test_nothing_is_published_that_a_second_person_has_not_approved() -> None:
    submitted = replace(READY, is_approved=False)
    assert [str(each) for each in missing_to_publish(submitted)] == [
        "A second person has to approve it first."
    ]
    assert len(missing_to_publish(replace(submitted, is_submitted=False))) == 1
    assert missing_to_submit(submitted) == ()
