"""When updates leave, and how they are known. Pure decisions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from engage.foundations.clock import in_london

# When the day's updates leave, by London's clocks: an hour after the news of the timetable.
LEAVE_AT = time(8)
# What a transaction under way may still be writing with a moment before now.
SETTLING = timedelta(minutes=2)
# After this the address of a message that has left is not needed for its coming back.
KEPT_AFTER_SENDING = timedelta(days=7)
PREFIX = "update:"


def update_day(now: datetime) -> date | None:
    """Return the day whose updates are due at `now`, None before the hour."""
    local = in_london(now)
    return local.date() if local.time() >= LEAVE_AT else None


def key_of(feedback_id: int, day: date) -> str:
    """Return the key of the one update that a consultation's readers may get on a day."""
    return f"{PREFIX}{feedback_id}:{day.isoformat()}"


def feedback_of(key: str) -> int:
    """Return whose update a key is."""
    return int(key.removeprefix(PREFIX).partition(":")[0])


def message_key(key: str, contact_id: UUID) -> str:
    """Return the key of the message that brings one contact an update: there is never a second."""
    return f"{key}:{contact_id.hex}"
