"""What somebody wants to be sent, when they hear of it, and how long what is not confirmed is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy
from engage.timetable.rules import Topic

CONFIRM_WITHIN = timedelta(days=3)
# When the day's news leaves, by London's clocks.
DIGEST_AT = time(7)
# What a transaction under way may still be writing with a moment before now.
SETTLING = timedelta(minutes=2)
# After this the address of a message that has left is not needed for its coming back.
KEPT_AFTER_SENDING = timedelta(days=7)
MOST_ENTRIES = 30


class Mail(StrEnum):
    """What can be asked for, each without the other."""

    NEWS = "news"
    NEWSLETTER = "newsletter"


MAILS: dict[Mail, Text] = {
    Mail.NEWS: lazy("The news of new and changed entries"),
    Mail.NEWSLETTER: lazy("The newsletter"),
}
# Beside the boxes, where somebody ticked none.
NEITHER = lazy("Choose the news, the newsletter, or both.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """The areas (by code) and topics somebody wants to hear of; none of a kind means all of that kind."""

    areas: frozenset[str] = frozenset()
    topics: frozenset[Topic] = frozenset()


EVERYTHING = Wishes()


def wanted(wishes: Wishes, area_code: str | None, topics: Collection[Topic]) -> bool:
    """Tell whether somebody with these wishes wants to hear of an entry.

    What is asked of all London is for every borough, and what nobody has sorted may be about anything.
    """
    in_area = not wishes.areas or area_code is None or area_code in wishes.areas
    on_topic = not wishes.topics or not topics or not wishes.topics.isdisjoint(topics)
    return in_area and on_topic


def digest_day(now: datetime) -> date | None:
    """Return the day whose digest is due at `now`, None before the hour."""
    local = in_london(now)
    return local.date() if local.time() >= DIGEST_AT else None


def confirmable(asked_at: datetime, now: datetime) -> bool:
    """Tell whether what was asked for at `asked_at` may still be confirmed."""
    return now < asked_at + CONFIRM_WITHIN


def withheld(count: int, threshold: int) -> int | None:
    """Return a count as officers may see it: None where it is above nought and below the threshold."""
    return None if 0 < count < threshold else count
