"""Days as people write them, and a year of meetings from one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.foundations.clock import in_london
from engage.foundations.refusals import Refused
from engage.groups.meetings import Rhythm, day_in, days_in, moments, read, written

SIXTH = date(2026, 10, 6)


@pytest.mark.parametrize(
    "line",
    [
        "6 October 2026",
        "6th of October 2026",
        "Tuesday 6 Oct 2026",
        "tues, 6 oct. 2026",
        "6/10/2026",
        "06.10.2026",
        "6-10-2026",
        "2026-10-06",
    ],
)
def test_a_day_is_read_as_people_write_it(line: str) -> None:
    assert day_in(line) == SIXTH


@pytest.mark.parametrize("line", ["", "soon", "31/2/2026", "6/10/26", "6 Octember 2026", "6/10/0026", "=1+1"])
def test_what_is_no_day_is_none(line: str) -> None:
    assert day_in(line) is None


def test_days_are_one_on_a_line_each_once_and_the_line_that_is_none_is_quoted() -> None:
    assert days_in("1/12/2026\n\n6 October 2026\n2026-12-01\n") == [SIXTH, date(2026, 12, 1)]
    for text in ("", "6 October 2026\nnext week", "1/1/2026\n" * 61):
        with pytest.raises(Refused) as refused:
            days_in(text)
        assert refused.value.field == "days"


def test_a_year_of_second_tuesdays_begins_at_seven_by_london_clocks_all_year() -> None:
    found = [in_london(moment) for moment in moments([date(2026, 9, 8)], Rhythm.MONTHLY, time(19))]
    assert len(found) == 12
    assert {moment.weekday() for moment in found} == {1}
    assert {(moment.day - 1) // 7 for moment in found} == {1}
    assert {moment.time() for moment in found} == {time(19)}
    assert found[-1].date() == date(2027, 8, 10)


def test_a_fifth_weekday_is_the_last_where_a_month_has_four() -> None:
    found = [in_london(moment).date() for moment in moments([date(2026, 9, 29)], Rhythm.QUARTERLY, time(9))]
    assert found == [date(2026, 9, 29), date(2026, 12, 29), date(2027, 3, 30), date(2027, 6, 29)]
    assert len(moments([SIXTH], Rhythm.TWO_MONTHLY, time(9))) == 6
    assert moments([SIXTH], Rhythm.ONCE, time(9)) == [datetime(2026, 10, 6, 8, tzinfo=UTC)]


@given(st.integers(0, 20 * 365 * 24 * 60))
def test_a_written_moment_reads_as_itself_in_every_minute_of_twenty_years(minutes: int) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert read(written(moment)) == moment


@pytest.mark.parametrize("minutes", range(-90, 150, 15))
def test_the_hour_that_comes_twice_is_told_apart(minutes: int) -> None:
    moment = datetime(2026, 10, 25, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert read(written(moment)) == moment


def test_what_a_spreadsheet_makes_of_a_moment_is_read_too() -> None:
    moment = datetime(2026, 10, 6, 18, 0, tzinfo=UTC)
    for text in ("2026-10-06T19:00:00", "6/10/2026 19:00", "06/10/2026 19:00:00"):
        assert read(text) == moment
    for text in ("", "19:00", "2026-10-06", "2026-10-06 25:00", "2026-10-06 7pm"):
        assert read(text) is None
