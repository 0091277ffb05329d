"""Where an entry stands, and what its dates must keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engage.timetable import rules
from engage.timetable.labels import LEVELS, STATES
from engage.timetable.rules import Dates, EntryState, Level, state

OPENS = datetime(2027, 7, 5, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 9, 30, 23, 0, tzinfo=UTC)
BEFORE = datetime(2027, 6, 1, tzinfo=UTC)
DURING = datetime(2027, 8, 1, tzinfo=UTC)
AFTER = datetime(2027, 10, 5, tzinfo=UTC)
HERE = Dates(opens_at=OPENS, closes_at=CLOSES)
OPENED = replace(HERE, opened_at=OPENS)
CLOSED = replace(OPENED, closed_at=CLOSES)
FED_BACK = replace(CLOSED, fed_back_at=AFTER)
ELSEWHERE = replace(HERE, run_here=False)


@pytest.mark.parametrize(
    ("entry", "now", "stands"),
    [
        (HERE, BEFORE, EntryState.FORTHCOMING),
        (HERE, DURING, EntryState.FORTHCOMING),
        (HERE, AFTER, EntryState.FORTHCOMING),
        (replace(HERE, opened_at=BEFORE), BEFORE, EntryState.OPEN),
        (OPENED, DURING, EntryState.OPEN),
        (OPENED, CLOSES, EntryState.CLOSED),
        (OPENED, AFTER, EntryState.CLOSED),
        (replace(OPENED, closed_at=DURING), DURING, EntryState.CLOSED),
        (CLOSED, AFTER, EntryState.CLOSED),
        (FED_BACK, AFTER, EntryState.FED_BACK),
        (ELSEWHERE, BEFORE, EntryState.FORTHCOMING),
        (ELSEWHERE, OPENS, EntryState.OPEN),
        (ELSEWHERE, DURING, EntryState.OPEN),
        (ELSEWHERE, CLOSES, EntryState.CLOSED),
        (ELSEWHERE, AFTER, EntryState.CLOSED),
        (replace(HERE, cancelled_at=BEFORE), DURING, EntryState.CANCELLED),
        (replace(ELSEWHERE, cancelled_at=BEFORE), DURING, EntryState.CANCELLED),
        (replace(FED_BACK, cancelled_at=DURING), AFTER, EntryState.CANCELLED),
    ],
)
def test_an_entry_run_here_stands_where_it_was_taken_and_one_elsewhere_where_its_dates_say(
    entry: Dates, now: datetime, stands: EntryState
) -> None:
    assert state(entry, now) is stands


def test_the_timetable_shows_what_can_be_answered_first_and_leaves_out_empty_states() -> None:
    soon = replace(OPENED, closes_at=datetime(2027, 8, 20, tzinfo=UTC))
    long_ago = replace(FED_BACK, closed_at=datetime(2027, 1, 1, tzinfo=UTC))
    groups = rules.grouped([long_ago, HERE, OPENED, FED_BACK, soon], DURING)
    assert list(groups.items()) == [
        (EntryState.OPEN, [soon, OPENED]),
        (EntryState.FORTHCOMING, [HERE]),
        (EntryState.FED_BACK, [FED_BACK, long_ago]),
    ]


@pytest.mark.parametrize(
    ("entry", "now", "late"),
    [(HERE, BEFORE, False), (HERE, OPENS, True), (OPENED, DURING, False), (ELSEWHERE, DURING, False)],
)
def test_an_entry_is_late_to_open_once_its_day_has_come_and_nobody_opened_it(
    entry: Dates, now: datetime, late: bool
) -> None:
    assert rules.late_to_open(entry, now) is late


@pytest.mark.parametrize(
    ("entry", "overdue"),
    [
        (replace(CLOSED, feedback_due_on=date(2027, 12, 9)), True),
        (replace(CLOSED, feedback_due_on=date(2027, 12, 10)), False),
        (replace(CLOSED, feedback_due_on=None), False),
        (replace(FED_BACK, feedback_due_on=date(2027, 12, 9)), False),
        (replace(ELSEWHERE, feedback_due_on=date(2027, 12, 9)), False),
    ],
)
def test_feedback_is_overdue_the_day_after_it_was_due_where_it_is_ours_to_give(
    entry: Dates, overdue: bool
) -> None:
    assert rules.feedback_overdue(entry, date(2027, 12, 10)) is overdue


@pytest.mark.parametrize(
    ("told", "earliest"),
    [
        (date(2027, 1, 15), date(2027, 4, 15)),
        (date(2027, 10, 1), date(2028, 1, 1)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 3, 31)),
    ],
)
def test_three_months_of_notice_are_three_months_of_the_calendar(told: date, earliest: date) -> None:
    assert rules.earliest_opening(told) == earliest


@pytest.mark.parametrize(
    ("opening", "enough"),
    [
        # 4 July, 23:59 in London.
        (datetime(2027, 7, 4, 22, 59, tzinfo=UTC), False),
        # Midnight in London is still 4 July in UTC.
        (datetime(2027, 7, 4, 23, 0, tzinfo=UTC), True),
        (datetime(2027, 7, 5, 8, 0, tzinfo=UTC), True),
    ],
)
def test_notice_is_counted_in_days_of_london(opening: datetime, enough: bool) -> None:
    assert rules.notice_ok(date(2027, 4, 5), opening) is enough


def test_no_notice_is_never_enough() -> None:
    assert not rules.notice_ok(None, datetime(2099, 1, 1, tzinfo=UTC))


def test_closing_is_the_london_midnight_after_the_last_day() -> None:
    assert rules.closing_after(date(2027, 9, 30)) == datetime(2027, 9, 30, 23, 0, tzinfo=UTC)
    assert rules.closing_after(date(2027, 11, 30)) == datetime(2027, 12, 1, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "day", [date(2027, 3, 28), date(2027, 9, 30), date(2027, 10, 31), date(2027, 12, 31)]
)
def test_the_last_day_of_a_closing_is_the_day_it_was_made_from(day: date) -> None:
    assert rules.last_day(rules.closing_after(day)) == day


def test_feedback_is_in_time_until_twelve_weeks_after_the_last_day() -> None:
    assert rules.latest_feedback(CLOSES) == date(2027, 12, 23)
    assert rules.feedback_in_time(CLOSES, date(2027, 12, 23))
    assert not rules.feedback_in_time(CLOSES, date(2027, 12, 24))


def test_a_decision_comes_after_the_close_when_its_day_begins_at_the_closing_or_later() -> None:
    assert rules.decided_after_close(CLOSES, date(2027, 10, 1))
    assert not rules.decided_after_close(CLOSES, date(2027, 9, 30))


@pytest.mark.parametrize(
    ("entry", "may", "may_not"),
    [
        (OPENED, {"how_to_take_part", "feedback_due_on"}, {"purpose", "can_change", "closes_at", "duty"}),
        (CLOSED, {"feedback_due_on", "feedback_late_reason"}, {"how_to_take_part", "purpose"}),
        (FED_BACK, set(), {"feedback_due_on", "title"}),
    ],
)
def test_what_people_were_told_does_not_change_once_they_were_asked(
    entry: Dates, may: set[str], may_not: set[str]
) -> None:
    allowed = rules.changeable(entry, DURING)
    assert allowed is not None
    assert may <= allowed
    assert not may_not & allowed


def test_the_day_feedback_was_due_does_not_change_once_it_is_overdue() -> None:
    closed = replace(CLOSED, feedback_due_on=date(2027, 12, 16))
    on_the_day, after = datetime(2027, 12, 16, 12, tzinfo=UTC), datetime(2027, 12, 17, 12, tzinfo=UTC)
    assert {"feedback_due_on", "feedback_late_reason"} <= (rules.changeable(closed, on_the_day) or set())
    assert rules.changeable(closed, after) == frozenset({"decision_due_on", "repeats"})


@pytest.mark.parametrize("entry", [HERE, ELSEWHERE])
def test_everything_may_change_before_the_opening_and_in_an_entry_run_elsewhere(entry: Dates) -> None:
    assert rules.changeable(entry, AFTER) is None


def test_every_level_and_state_is_said_in_words() -> None:
    assert set(LEVELS) == set(Level)
    assert set(STATES) == set(EntryState)


def test_people_are_told_the_last_day_where_it_ends_at_midnight_and_the_moment_where_it_does_not() -> None:
    assert rules.closing_said(CLOSES) == date(2027, 9, 30)
    assert rules.closing_said(DURING) == DURING


def test_what_is_cancelled_is_never_late_and_never_changes() -> None:
    cancelled = replace(HERE, cancelled_at=BEFORE, feedback_due_on=date(2027, 9, 1))
    assert not rules.late_to_open(cancelled, AFTER)
    assert not rules.feedback_overdue(cancelled, date(2028, 1, 1))
    assert rules.changeable(cancelled, AFTER) == rules.changeable(replace(cancelled, run_here=False), AFTER)
    assert rules.changeable(cancelled, AFTER) == frozenset()
