"""When an address has served its purpose. Documented in docs/mail.md and on the privacy page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from engage.foundations.language import Text, lazy

# After the feedback has come, copies may still come back, and questions about it.
AFTER_FEEDBACK = timedelta(days=30)
UPDATES_FOR = timedelta(days=730)
AFTER_UNSUBSCRIBING = timedelta(days=30)
MESSAGES_KEPT = timedelta(days=90)


class Ended(StrEnum):
    """Why an address is kept no longer."""

    FED_BACK = "fed back, and no updates were wanted"
    UPDATES_OVER = "two years of updates are over"
    UNSUBSCRIBED = "unsubscribed 30 days ago"


ENDED: dict[Ended, Text] = {
    Ended.FED_BACK: lazy("They have the feedback, and wanted no updates."),
    Ended.UPDATES_OVER: lazy("Two years of updates are over."),
    Ended.UNSUBSCRIBED: lazy("They unsubscribed 30 days ago or more."),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of an address: `fed_back_at` is when its consultation's feedback was complete."""

    fed_back_at: datetime | None
    wants_updates: bool
    unsubscribed_on: date | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What ended on one of these days or moments, or before it, is over."""

    unsubscribed_on: date
    fed_back_at: datetime
    updates_from: datetime


def limits(*, now: datetime, today: date) -> Limits:
    """Return what is over at a moment."""
    return Limits(
        unsubscribed_on=today - AFTER_UNSUBSCRIBING,
        fed_back_at=now - AFTER_FEEDBACK,
        updates_from=now - UPDATES_FOR,
    )


def ended(held: Held, over: Limits) -> Ended | None:
    """Return why an address is to be deleted now, None while it still has a purpose."""
    if held.unsubscribed_on is not None and held.unsubscribed_on <= over.unsubscribed_on:
        return Ended.UNSUBSCRIBED
    if held.fed_back_at is None:
        return None
    if held.fed_back_at <= over.updates_from:
        return Ended.UPDATES_OVER
    if not held.wants_updates and held.fed_back_at <= over.fed_back_at:
        return Ended.FED_BACK
    return None
