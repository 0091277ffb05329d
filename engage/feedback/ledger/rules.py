"""Who counts as reached, when feeding back is done, when officers are reminded. Pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from engage.feedback.rules import DeliveryState, Reach, Route
from engage.foundations.clock import in_london
from engage.foundations.jobs import JobState
from engage.foundations.language import Text, lazy

REACHED = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.CONFIRMED})
WAITING = frozenset({DeliveryState.DUE, DeliveryState.QUEUED, DeliveryState.RETRIED})
FAILED = frozenset({DeliveryState.BOUNCED, DeliveryState.UNDELIVERABLE})

# Reasons of our own, as they are stored; any other reason is a mail server's words.
UNSUBSCRIBED = "unsubscribed"
WITHDRAWN = "withdrawn"
NO_ADDRESS = "no_address"
GIVEN_UP = "given_up"
REASONS: Mapping[str, Text] = {
    UNSUBSCRIBED: lazy("They asked not to be written to, so it is not owed to them any more."),
    WITHDRAWN: lazy("The message was deleted before it left."),
    NO_ADDRESS: lazy("The register of groups has no email address for them."),
    GIVEN_UP: lazy("The message was given up."),
}


class Label(NamedTuple):
    """A word or two, and the colour of its tag."""

    name: Text
    colour: str


STATES: Mapping[DeliveryState, Label] = {
    DeliveryState.DUE: Label(lazy("Still to be sent"), "yellow"),
    DeliveryState.QUEUED: Label(lazy("On its way"), "yellow"),
    DeliveryState.RETRIED: Label(lazy("Being tried again"), "yellow"),
    DeliveryState.SENT: Label(lazy("Sent"), "green"),
    DeliveryState.DELIVERED: Label(lazy("Delivered"), "green"),
    DeliveryState.CONFIRMED: Label(lazy("Passed on"), "green"),
    DeliveryState.BOUNCED: Label(lazy("Came back"), "red"),
    DeliveryState.UNDELIVERABLE: Label(lazy("Could not be sent"), "red"),
}

ROUTES: Mapping[Route, Text] = {
    Route.EMAIL: lazy("Email"),
    Route.NOTIFY: lazy("Email by GOV.UK Notify"),
    Route.POST: lazy("Post"),
    Route.CASCADE: lazy("Passed on by a group"),
}


def reach_of(counts: Mapping[DeliveryState, int]) -> Reach:
    """Return how far feedback has come, from the number of rows in each state."""
    return Reach(
        owed=sum(counts.values()),
        reached=sum(counts.get(state, 0) for state in REACHED),
        waiting=sum(counts.get(state, 0) for state in WAITING),
        failed=sum(counts.get(state, 0) for state in FAILED),
    )


def is_met(reach: Reach, target_percent: int) -> bool:
    """Tell whether nothing waits and at least `target_percent` of those owed have it; of nobody, all have."""
    return reach.waiting == 0 and reach.reached * 100 >= target_percent * reach.owed


def is_fed_back(reach: Reach, *, listed: bool, unlisted: bool, target_percent: int, signed_off: bool) -> bool:
    """Tell whether feeding back is done.

    The ledger must be whole. Then either nothing waits and at least `target_percent` of those owed have it
    (where nobody is owed it, that is so), or a named person has signed why not.
    """
    if not listed or unlisted:
        return False
    return signed_off or is_met(reach, target_percent)


@dataclass(frozen=True, slots=True)
class MailFact:
    """What is known of one message to a group."""

    state: JobState
    attempts: int
    done_at: datetime | None
    error: str
    bounced_at: datetime | None
    bounce_reason: str
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a row stands, and since when and why."""

    state: DeliveryState
    attempts: int
    settled_at: datetime | None = None
    reason: str = ""


def fate_of_group(mails: Sequence[MailFact], now: datetime) -> Fate:
    """Return where a group stands: sent once one of its messages left and did not come back.

    Delivered once we are told that one arrived. While one may still leave it waits; where all failed, the
    last reason stands for them.
    """
    attempts = max((mail.attempts for mail in mails), default=0)
    arrived = [mail.delivered_at for mail in mails if mail.delivered_at and mail.bounced_at is None]
    if arrived:
        return Fate(DeliveryState.DELIVERED, attempts, min(arrived))
    left = [mail for mail in mails if mail.state is JobState.DONE and mail.bounced_at is None]
    if left:
        first = min(mail.done_at or now for mail in left)
        return Fate(DeliveryState.SENT, attempts, first)
    if any(mail.state is JobState.QUEUED for mail in mails):
        tried = any(mail.error for mail in mails)
        return Fate(DeliveryState.RETRIED if tried else DeliveryState.QUEUED, attempts)
    back = [mail for mail in mails if mail.bounced_at is not None]
    if back:
        return Fate(DeliveryState.BOUNCED, attempts, back[-1].bounced_at, back[-1].bounce_reason or GIVEN_UP)
    return Fate(DeliveryState.UNDELIVERABLE, attempts, now, _last_error(mails) or WITHDRAWN)


def _last_error(mails: Iterable[MailFact]) -> str:
    return next((mail.error or GIVEN_UP for mail in reversed(list(mails))), "")


# How long before feedback is due its officers are reminded, the first first.
REMINDERS = (timedelta(weeks=4), timedelta(weeks=1), timedelta())
FROM_HOUR = 9

LONGEST_REASON = 2000


def reminder_due(due_on: date, now: datetime) -> int | None:
    """Return how many days before the due day the reminder is sent that is due now, None where none is.

    Sent from nine in the morning in London. One that was missed is not sent late together with the next, and
    after the due day none is: then the delay is public.
    """
    here = in_london(now)
    if here.hour < FROM_HOUR or here.date() > due_on:
        return None
    come = [before.days for before in REMINDERS if here.date() >= due_on - before]
    return min(come, default=None)
