"""The dates of an entry as a line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engage.timetable.timeline import Standing, timeline
from tests.factories.desks import listed
from tests.factories.timetable import AFTER, BEFORE, DURING, OPENS

LONG_AFTER = datetime(2028, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "now", "standings"),
    [
        ({}, BEFORE, "done ahead ahead ahead ahead"),
        ({}, DURING, "done late ahead ahead ahead"),
        ({"opened_at": OPENS}, DURING, "done done now ahead ahead"),
        ({"opened_at": OPENS}, AFTER, "done done done ahead ahead"),
        ({"opened_at": OPENS}, LONG_AFTER, "done done done done late"),
        ({"opened_at": OPENS, "fed_back_at": AFTER}, LONG_AFTER, "done done done done done"),
        ({"notice_given_on": None}, BEFORE, "unknown ahead ahead ahead ahead"),
        ({"decision_due_on": None, "feedback_due_on": None}, BEFORE, "done ahead ahead unknown unknown"),
    ],
)
def test_each_date_stands_as_it_does_at_that_moment(
    entry: dict[str, Any], now: datetime, standings: str
) -> None:
    assert [step.standing for step in timeline(listed(**entry), now)] == [
        Standing(standing) for standing in standings.split()
    ]


def test_the_line_of_a_cancelled_entry_ends_where_it_was_cancelled() -> None:
    *_, last = timeline(listed(cancelled_at=DURING, cancelled_reason="No money."), LONG_AFTER)
    assert (str(last.name), last.when, last.note, last.standing) == (
        "Cancelled", DURING, "No money.", Standing.DONE,
    )  # fmt: skip
