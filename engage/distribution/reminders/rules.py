"""When groups are reminded of a consultation that runs. Pure decisions on moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from engage.foundations.clock import in_london

# Volunteers meet seldom: a week is the least in which a link can still be passed on.
BEFORE_CLOSING = timedelta(days=7)
# A reminder on the heels of another helps nobody.
APART = timedelta(days=7)
FROM_HOUR, TO_HOUR = 9, 17


class Reminder(StrEnum):
    """What a reminder says."""

    OPEN = "open"
    HALFWAY = "halfway"
    LAST_DAYS = "last_days"


def moments(opened_at: datetime, closes_at: datetime) -> dict[Reminder, datetime]:
    """Return from when each reminder is due. What would come on the heels of another is left out."""
    halfway, last = opened_at + (closes_at - opened_at) / 2, closes_at - BEFORE_CLOSING
    found = {Reminder.OPEN: opened_at}
    if halfway - opened_at >= APART and last - halfway >= APART:
        found[Reminder.HALFWAY] = halfway
    if last - opened_at >= APART:
        found[Reminder.LAST_DAYS] = last
    return found


def due(opened_at: datetime, closes_at: datetime, now: datetime) -> Reminder | None:
    """Return the reminder that is due at `now`: the last whose moment has come, by day in London.

    One that was missed, as nobody worked, is not sent late together with the next.
    """
    if not opened_at <= now < closes_at or not FROM_HOUR <= in_london(now).hour < TO_HOUR:
        return None
    come = {at: reminder for reminder, at in moments(opened_at, closes_at).items() if at <= now}
    return come[max(come)] if come else None
