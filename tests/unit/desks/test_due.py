"""What is due of officers, and the notice that groups have left."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from engage.desks.rules import What, due, notice_of, ours_first
from tests.factories.desks import listed
from tests.factories.timetable import AFTER, BEFORE, CLOSES, DURING, LAST_DAY, OPENS


def kinds(*entries: object, decided: tuple[str, ...] = (), now: datetime = BEFORE) -> list[tuple[What, bool]]:
    return [(each.what, each.overdue) for each in due(entries, decided, now)]  # type: ignore[arg-type]


def test_an_entry_whose_groups_were_told_is_next_due_to_open() -> None:
    assert kinds(listed(), now=BEFORE) == [(What.OPENING, False)]


def test_groups_are_to_be_told_three_months_before_the_opening() -> None:
    (first, *_) = due([listed(notice_given_on=None)], (), BEFORE)
    assert (first.what, first.on, first.overdue) == (What.NOTICE, date(2027, 4, 5), True)
    (early, *_) = due([listed(notice_given_on=None)], (), datetime(2027, 4, 5, 12, tzinfo=UTC))
    assert not early.overdue


def test_an_entry_that_nobody_opened_on_its_day_is_overdue() -> None:
    assert kinds(listed(), now=OPENS) == [(What.OPENING, True)]


def test_an_open_entry_is_due_to_close_on_its_last_day_and_never_overdue() -> None:
    (closing,) = due([listed(opened_at=OPENS)], (), DURING)
    assert (closing.what, closing.on, closing.overdue) == (What.CLOSING, LAST_DAY, False)


def test_a_closed_entry_is_due_a_decision_and_feedback() -> None:
    closed = listed(opened_at=OPENS, closed_at=CLOSES)
    assert kinds(closed, now=AFTER) == [(What.DECISION, False), (What.FEEDBACK, False)]
    late = datetime(2027, 12, 17, 12, tzinfo=UTC)
    assert kinds(closed, now=late) == [(What.DECISION, True), (What.FEEDBACK, True)]


def test_a_decided_entry_is_due_its_feedback_only() -> None:
    closed = listed(opened_at=OPENS, closed_at=CLOSES)
    assert kinds(closed, decided=("entry",), now=AFTER) == [(What.FEEDBACK, False)]


def test_nothing_is_due_of_what_is_fed_back_or_run_elsewhere() -> None:
    fed_back = listed(opened_at=OPENS, closed_at=CLOSES, fed_back_at=AFTER)
    elsewhere = listed(run_here=False, notice_given_on=None)
    assert kinds(fed_back, elsewhere, now=AFTER) == []


def test_the_earliest_day_comes_first_and_equal_days_by_title() -> None:
    entries = [
        listed(slug="c", title="Cars", opens_at=OPENS + timedelta(days=1)),
        listed(slug="b", title="Burglary"),
        listed(slug="a", title="Alarms"),
    ]
    assert [each.slug for each in due(entries, (), BEFORE)] == ["a", "b", "c"]


def test_notice_is_counted_in_days_of_londons_calendar() -> None:
    entry = listed(opens_at=datetime(2027, 7, 4, 23, 30, tzinfo=UTC), notice_given_on=date(2027, 4, 5))
    assert notice_of(entry, date(2027, 7, 1)).days_left == 4
    assert notice_of(entry, date(2027, 7, 1)).full
    assert notice_of(entry, date(2027, 8, 1)).days_left == 0


def test_notice_of_less_than_three_months_is_not_full() -> None:
    assert not notice_of(listed(notice_given_on=date(2027, 4, 6)), BEFORE.date()).full
    assert not notice_of(listed(notice_given_on=None), BEFORE.date()).full


def test_what_can_be_answered_here_comes_before_what_is_run_elsewhere() -> None:
    entries = [listed(slug="x", run_here=False), listed(slug="y"), listed(slug="z")]
    assert [entry.slug for entry in ours_first(entries)] == ["y", "z", "x"]
