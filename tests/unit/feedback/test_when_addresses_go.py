"""When an address has served its purpose, and what a complaint stops."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from engage.feedback.complaint_rules import About, Stopped, stopped_by
from engage.feedback.retention_rules import Ended, Held, ended, limits

NOW = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
SOMEBODY = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("fed_back_at", "wants_updates", "unsubscribed_on", "why"),
    [
        (None, False, None, None),
        (None, True, None, None),
        (None, False, TODAY - timedelta(days=29), None),
        (None, False, TODAY - timedelta(days=30), Ended.UNSUBSCRIBED),
        (None, True, TODAY - timedelta(days=30), Ended.UNSUBSCRIBED),
        (ago(29), False, None, None),
        (ago(30), False, None, Ended.FED_BACK),
        (ago(30), False, TODAY, Ended.FED_BACK),
        (ago(30), True, None, None),
        (ago(729), True, None, None),
        (ago(730), True, None, Ended.UPDATES_OVER),
    ],
)
def test_an_address_is_kept_as_long_as_it_has_a_purpose(
    fed_back_at: datetime | None, wants_updates: bool, unsubscribed_on: date | None, why: Ended | None
) -> None:
    over = limits(now=NOW, today=TODAY)
    assert ended(Held(fed_back_at, wants_updates, unsubscribed_on), over) is why


@pytest.mark.parametrize(
    ("key", "about"),
    [
        (f"feedback:7:email:{SOMEBODY}", About.CONSULTATION),
        (f"feedback-update:7:2027-06-01:{SOMEBODY.hex}", About.CONSULTATION),
        (f"timetable-news:{SOMEBODY.hex}:news-2027-06-01", About.NEWS),
        (f"timetable-news:{SOMEBODY.hex}:newsletter-4", About.NEWS),
        (f"private:timetable-asked:{SOMEBODY.hex}:499", About.NEWS),
        (f"update:7:2027-06-01:{SOMEBODY.hex}", About.CONSULTATION),
        (f"private:panel:{SOMEBODY.hex}:invitation:{'a' * 32}", About.PANEL),
        ("feedback:7:due:officer", None),
        ("private:account:12", None),
        ("", None),
    ],
)
def test_the_key_of_a_message_says_what_a_complaint_stops(key: str, about: About | None) -> None:
    assert stopped_by(key) == (Stopped(about, SOMEBODY) if about else None)
