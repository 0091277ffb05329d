"""When groups are reminded of what runs: as truth tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engage.distribution.reminders.rules import Reminder, due, moments

# Winter, so that London's hours are UTC's.
OPENED = datetime(2027, 11, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSES = OPENED + 28 * DAY


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (28, {Reminder.OPEN, Reminder.HALFWAY, Reminder.LAST_DAYS}),
        (27, {Reminder.OPEN, Reminder.LAST_DAYS}),
        (14, {Reminder.OPEN, Reminder.LAST_DAYS}),
        (13, {Reminder.OPEN}),
        (1, {Reminder.OPEN}),
    ],
)
def test_the_shorter_it_runs_the_fewer_reminders_there_are(days: int, found: set[Reminder]) -> None:
    assert set(moments(OPENED, OPENED + days * DAY)) == found


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (OPENED - timedelta(seconds=1), None),
        (OPENED, Reminder.OPEN),
        (OPENED + 13 * DAY, Reminder.OPEN),
        (OPENED + 14 * DAY, Reminder.HALFWAY),
        (OPENED + 14 * DAY + timedelta(hours=10), None),
        (OPENED + 21 * DAY - timedelta(hours=2), None),
        (OPENED + 21 * DAY, Reminder.LAST_DAYS),
        (CLOSES - timedelta(hours=16), None),
        (CLOSES - DAY, Reminder.LAST_DAYS),
        (CLOSES, None),
    ],
)
def test_a_reminder_is_due_by_day_from_its_moment_until_the_next(
    now: datetime, found: Reminder | None
) -> None:
    assert due(OPENED, CLOSES, now) is found
