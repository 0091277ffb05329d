"""When feedback may be published, what is on time, and who counts as reached. Pure decisions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy

LONGEST_PART = 20_000


class Route(StrEnum):
    """How feedback reaches somebody."""

    EMAIL = "email"
    NOTIFY = "notify"
    POST = "post"
    CASCADE = "cascade"


# Whoever left an address is written to once, by whichever of these mail takes on the day.
BY_MAIL = (Route.EMAIL, Route.NOTIFY)


class DeliveryState(StrEnum):
    """Where a row of the ledger stands. Sent: accepted by the first server; delivered: we know it arrived."""

    DUE = "due"
    QUEUED = "queued"
    SENT = "sent"
    BOUNCED = "bounced"
    RETRIED = "retried"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What publishing asks about: the three parts, what was decided, and whether a second person agrees."""

    said: str
    decided: str
    reconciled: str
    is_decided: bool
    decisions: int
    is_published: bool
    is_submitted: bool = False
    is_approved: bool = False


def missing_to_publish(facts: Readiness) -> tuple[Text, ...]:
    """Return a sentence for each thing that publishing still needs; none where nothing is missing."""
    missing = missing_to_submit(facts)
    if facts.is_approved or facts.is_published:
        return missing
    if facts.is_submitted:
        return (*missing, lazy("A second person has to approve it first."))
    return (*missing, lazy("Submit it for approval first."))


def missing_to_submit(facts: Readiness) -> tuple[Text, ...]:
    """Return a sentence for each thing that is needed before a second person is asked to approve."""
    checks = (
        (not facts.is_published, lazy("This feedback has been published already.")),
        (facts.is_decided, lazy("Mark the consultation as decided first.")),
        (facts.decisions > 0, lazy("Record a decision on at least one priority first.")),
        (bool(facts.said.strip()), lazy("Write what people said.")),
        (bool(facts.decided.strip()), lazy("Write what was decided.")),
        (bool(facts.reconciled.strip()), lazy("Write why, for what was taken up and what was not.")),
    )
    return tuple(sentence for holds, sentence in checks if not holds)


def digest_of(*parts: str) -> str:
    """Return what tells one wording of the parts from another: who approves, approves what they have read."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def days_late(due: date | None, published_at: datetime) -> int:
    """Return by how many days feedback came after the day it was due, 0 where it was on time."""
    return max((in_london(published_at).date() - due).days, 0) if due else 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Of those who left an address: how many are owed the result, have it, still wait, or cannot get it."""

    owed: int
    reached: int
    waiting: int
    failed: int

    @property
    def share(self) -> float | None:
        """The share of those owed the result who have it; None where nobody is."""
        return self.reached / self.owed if self.owed else None
