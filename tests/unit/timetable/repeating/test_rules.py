"""The dates of the next time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.foundations.clock import in_london, london_moment
from engage.timetable.details import problems
from engage.timetable.periods.rules import is_working_day
from engage.timetable.repeating.rules import due_on, latest_notice, next_time, with_years
from engage.timetable.rules import Repeats, closing_after, last_day, notice_ok
from tests.factories.timetable import entry_details

LONG_BEFORE = date(2020, 1, 6)


def test_a_year_later_everything_has_moved_to_working_days() -> None:
    before = entry_details(title="Priorities for 2028/29", repeats=Repeats.YEARLY)
    after = next_time(before, LONG_BEFORE)
    assert after.title == "Priorities for 2029/30"
    assert (after.consultation_year, after.plan_year) == (2028, 2029)
    # 5 July 2028 is a Wednesday, 30 September 2028 a Saturday.
    assert after.opens_at == london_moment(date(2028, 7, 5), time(9))
    assert after.closes_at == closing_after(date(2028, 10, 2))
    # 1 April 2028 is a Saturday: told the Friday before.
    assert after.notice_given_on == date(2028, 3, 31)
    assert (after.decision_due_on, after.feedback_due_on) == (date(2028, 11, 20), date(2028, 12, 18))


def test_what_is_not_a_date_stays_but_for_reasons_of_the_time_before() -> None:
    before = entry_details(
        urgent_reason="A ruling.", urgent_authorised_by="the Chair", feedback_late_reason="An election."
    )
    after = next_time(before, LONG_BEFORE)
    assert (after.urgent_reason, after.urgent_authorised_by, after.feedback_late_reason) == ("", "", "")
    assert (after.purpose, after.audience, after.duty) == (before.purpose, before.audience, before.duty)


@pytest.mark.parametrize(
    ("rhythm", "opens_on"),
    [
        (Repeats.MONTHLY, date(2027, 8, 5)),
        (Repeats.QUARTERLY, date(2027, 10, 5)),
        (Repeats.HALF_YEARLY, date(2028, 1, 5)),
        (Repeats.YEARLY, date(2028, 7, 5)),
        (Repeats.NEVER, date(2028, 7, 5)),
    ],
)
def test_each_rhythm_moves_the_opening_by_its_months(rhythm: Repeats, opens_on: date) -> None:
    after = next_time(entry_details(repeats=rhythm), LONG_BEFORE)
    assert in_london(after.opens_at).date() == opens_on
    assert after.consultation_year == opens_on.year


@pytest.mark.parametrize(
    ("opens_on", "notice_on"),
    [
        (date(2027, 5, 31), date(2027, 2, 26)),  # 28 February is a Sunday
        (date(2028, 5, 31), date(2028, 2, 29)),  # a leap day
        (date(2027, 11, 30), date(2027, 8, 27)),  # 30 August is a bank holiday
        (date(2027, 7, 5), date(2027, 4, 5)),
    ],
)
def test_notice_is_on_the_last_working_day_that_keeps_three_months(opens_on: date, notice_on: date) -> None:
    found = latest_notice(opens_on)
    assert is_working_day(found)
    assert notice_ok(found, london_moment(opens_on, time(9)))
    assert found == notice_on


def test_who_was_told_longer_before_is_told_as_long_before_again() -> None:
    after = next_time(entry_details(notice_given_on=date(2027, 1, 11)), LONG_BEFORE)
    assert after.notice_given_on == date(2028, 1, 11)


def test_who_was_told_late_is_told_in_time() -> None:
    after = next_time(entry_details(notice_given_on=date(2027, 6, 28)), LONG_BEFORE)
    assert after.notice_given_on == date(2028, 4, 5)


def test_drafted_too_late_for_the_rhythm_it_opens_later_with_three_months() -> None:
    today = date(2028, 6, 3)
    after = next_time(entry_details(), today)
    assert after.notice_given_on == date(2028, 6, 5)
    assert in_london(after.opens_at).date() == date(2028, 9, 5)
    # As long open as it would have been: 62 days later, and then to a working day.
    assert last_day(after.closes_at) == date(2028, 12, 4)
    assert problems(after) == ()


def test_the_hour_is_londons_in_summer_and_in_winter() -> None:
    winter = entry_details(
        repeats=Repeats.HALF_YEARLY,
        opens_at=datetime(2027, 1, 11, 9, 0, tzinfo=UTC),
        closes_at=datetime(2027, 3, 26, 17, 0, tzinfo=UTC),
        notice_given_on=None,
    )
    after = next_time(winter, LONG_BEFORE)
    assert after.opens_at == datetime(2027, 7, 12, 8, 0, tzinfo=UTC)
    assert in_london(after.closes_at).time() == time(17)


def test_the_last_of_a_month_stays_within_the_month_it_comes_to() -> None:
    before = entry_details(
        repeats=Repeats.MONTHLY,
        opens_at=london_moment(date(2028, 1, 31), time(9)),
        closes_at=closing_after(date(2028, 3, 31)),
        notice_given_on=None,
    )
    after = next_time(before, LONG_BEFORE)
    assert in_london(after.opens_at).date() == date(2028, 2, 29)
    assert last_day(after.closes_at) == date(2028, 5, 2)  # 30 April is a Sunday, 1 May a bank holiday


def test_it_is_to_be_drafted_six_weeks_before_the_groups_are_told() -> None:
    assert due_on(entry_details(repeats=Repeats.YEARLY)) == date(2028, 3, 31) - timedelta(weeks=6)


@pytest.mark.parametrize(
    ("title", "years", "after"),
    [
        ("Priorities for 2028/29", 1, "Priorities for 2029/30"),
        ("Priorities for 2099/00", 1, "Priorities for 2100/01"),
        ("Budget 2028", 2, "Budget 2030"),
        ("Budget 2028–29", 1, "Budget 2029–30"),
        ("Room 20281 and 1999", 1, "Room 20281 and 1999"),
        ("Every month 2028", 0, "Every month 2028"),
    ],
)
def test_years_in_the_title_move_with_it(title: str, years: int, after: str) -> None:
    assert with_years(title, years) == after


DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))


@given(
    opens_on=DAYS,
    lasts=st.integers(0, 300),
    told=st.none() | st.integers(0, 400),
    decided=st.none() | st.integers(1, 120),
    fed_back=st.none() | st.integers(0, 60),
    rhythm=st.sampled_from(Repeats),
    today=DAYS,
    hour=st.sampled_from([time(0), time(9), time(23, 59)]),
)
def test_whatever_it_was_the_next_one_contradicts_nothing_and_keeps_three_months(
    opens_on: date,
    lasts: int,
    told: int | None,
    decided: int | None,
    fed_back: int | None,
    rhythm: Repeats,
    today: date,
    hour: time,
) -> None:
    last = opens_on + timedelta(days=lasts)
    decision = None if decided is None else last + timedelta(days=decided)
    feedback = None if fed_back is None else (decision or last + timedelta(days=1)) + timedelta(days=fed_back)
    before = entry_details(
        repeats=rhythm,
        opens_at=london_moment(opens_on, hour),
        closes_at=closing_after(last),
        notice_given_on=None if told is None else opens_on - timedelta(days=told),
        decision_due_on=decision,
        feedback_due_on=feedback,
        feedback_late_reason="An election.",
        consultation_year=opens_on.year,
        plan_year=None,
    )
    after = next_time(before, today)
    assert [problem for problem in problems(after) if "year" not in problem.field] == []
    assert notice_ok(after.notice_given_on, after.opens_at)
    assert after.notice_given_on is not None
    assert after.notice_given_on >= today
    days = [after.notice_given_on, in_london(after.opens_at).date(), last_day(after.closes_at)]
    days += [on for on in (after.decision_due_on, after.feedback_due_on) if on is not None]
    assert [on for on in days if not is_working_day(on)] == []
