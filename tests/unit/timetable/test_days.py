"""On which days something happens, and how months and years are laid out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engage.timetable.cards import web_link
from engage.timetable.days import What, bar, days_open, happenings, open_between, stretch, weeks_of
from tests.factories.desks import listed
from tests.factories.timetable import CLOSES, DURING, OPENS

SEPTEMBER = (date(2027, 9, 1), date(2027, 9, 30))


def test_a_stretch_ends_on_the_last_day_that_londoners_can_answer() -> None:
    # The closing is the midnight after it: 23:00 UTC in summer.
    assert days_open(listed()) == (date(2027, 7, 5), date(2027, 9, 30))


def test_what_was_opened_and_closed_counts_before_what_was_planned() -> None:
    entry = listed(opened_at=DURING, closed_at=datetime(2027, 9, 1, 10, tzinfo=UTC))
    assert days_open(entry) == (date(2027, 8, 2), date(2027, 9, 1))


def test_a_stretch_never_ends_before_it_begins() -> None:
    begins, ends = stretch(listed(opened_at=DURING, closed_at=DURING))
    assert ends > begins


def test_a_closing_recorded_late_does_not_lengthen_the_stretch() -> None:
    late = datetime(2027, 10, 9, tzinfo=UTC)
    assert stretch(listed(opened_at=OPENS, closed_at=late))[1] == CLOSES


def test_the_days_of_an_entry_come_in_the_order_of_its_life() -> None:
    found = happenings([listed()], date(2027, 1, 1), date(2027, 12, 31))
    assert [(each.on, each.what) for each in found] == [
        (date(2027, 7, 5), What.OPENS),
        (date(2027, 9, 30), What.CLOSES),
        (date(2027, 11, 18), What.DECISION),
        (date(2027, 12, 16), What.FEEDBACK),
    ]
    assert [each.what for each in happenings([listed()], *SEPTEMBER)] == [What.CLOSES]


def test_feedback_stands_on_the_day_it_was_given() -> None:
    entry = listed(opened_at=OPENS, fed_back_at=datetime(2027, 12, 1, 9, tzinfo=UTC))
    [feedback] = happenings([entry], date(2027, 12, 1), date(2027, 12, 31))
    assert (feedback.on, feedback.what) == (date(2027, 12, 1), What.FEEDBACK)


def test_what_is_cancelled_cannot_be_answered_in_any_month() -> None:
    going, cancelled = listed(id=1), listed(id=2, cancelled_at=DURING, cancelled_reason="No money.")
    assert open_between([going, cancelled], *SEPTEMBER) == [going]
    assert open_between([going], date(2027, 10, 1), date(2027, 10, 31)) == []


def test_a_month_has_whole_weeks_from_monday_with_gaps_for_other_months() -> None:
    weeks = weeks_of(2027, 9)
    assert [len(week) for week in weeks] == [7] * 5
    assert weeks[0] == (None, None, *(date(2027, 9, day) for day in range(1, 6)))
    assert [day for week in weeks for day in week if day][-1] == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("year", "start", "width", "decision", "feedback"),
    [(2027, 185, 88, 321, 349), (2026, 0, 0, None, None), (2028, 0, 0, None, None)],
)
def test_a_bar_lies_where_its_year_has_it(
    year: int, start: int, width: int, decision: int | None, feedback: int | None
) -> None:
    found = bar(listed(), year)
    assert (found.start, found.width, found.decision, found.feedback) == (start, width, decision, feedback)


def test_a_bar_that_crosses_new_year_is_in_both_years() -> None:
    entry = listed(closes_at=datetime(2028, 1, 11, tzinfo=UTC), decision_due_on=None, feedback_due_on=None)
    assert (bar(entry, 2027).start, bar(entry, 2027).width) == (185, 180)
    assert (bar(entry, 2028).start, bar(entry, 2028).width) == (0, 10)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://croydon.example/plan?a=b#c", "croydon.example"),
        ("http://croydon.example:8080", "croydon.example"),
        ("HTTPS://croydon.example", "croydon.example"),
        ("", None),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://croydon.example/%0aalert(1)", None),
        ("data:text/html,<script>", None),
        ("//croydon.example", None),
        ("https://", None),
        ("https://police.example@evil.example/", None),
        ("https://police.example\\@evil.example/", None),
        ("https://croydon.example/\nSet-Cookie: a", None),
        ('https://croydon.example/ "onclick="x', None),
        ("https://[croydon", None),
        ("https://cr\u043eydon.example", None),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(address: str, host: str | None) -> None:
    link = web_link(address)
    assert (link.host if link else None) == host
