"""When updates leave, and how they are known."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engage.feedback.updates.rules import feedback_of, key_of, update_day


def test_updates_leave_at_eight_by_londons_clocks() -> None:
    assert update_day(datetime(2027, 7, 1, 6, 59, tzinfo=UTC)) is None
    assert update_day(datetime(2027, 7, 1, 7, 0, tzinfo=UTC)) == date(2027, 7, 1)
    assert update_day(datetime(2027, 1, 7, 7, 59, tzinfo=UTC)) is None


def test_the_key_of_an_update_says_whose_it_is() -> None:
    assert feedback_of(key_of(11, date(2027, 7, 1))) == 11
    assert not key_of(11, date(2027, 7, 1)).startswith("update:1:")
