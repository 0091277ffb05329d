"""How mail leaves: how many at a time, for how long a worker holds them, when to try again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engage.foundations.jobs import Backoff

PERMANENT = range(500, 600)

# How the keys of mailings begin whose messages hold a secret of the person they go to. No officer reads them.
PRIVATE = "private:"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker goes about its work.

    `most_attempts` with the backoff's waits tries a message for about a day. `unreachable` is how long mail
    rests after the mail server could not be reached, which is no fault of any message.
    """

    batch: int = 100
    lease: timedelta = timedelta(minutes=2)
    backoff: Backoff = field(default_factory=Backoff)
    most_attempts: int = 14
    idle: timedelta = timedelta(seconds=1)
    unreachable: timedelta = timedelta(seconds=15)
    tick: timedelta = timedelta(minutes=1)

    def has_time(self, lease_until: datetime, now: datetime) -> bool:
        """Tell whether to begin another message of a batch: not in the last third of its lease."""
        return lease_until - now > self.lease / 3


def is_permanent(code: int) -> bool:
    """Tell whether an SMTP reply code refuses a message for good (RFC 5321, 4.2.1)."""
    return code in PERMANENT
