"""How mail leaves: how many at a time, for how long a worker holds them, when to try again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engage.foundations.jobs import Backoff

PERMANENT = range(500, 600)
# As long as a subject is kept, in characters; titles of ours alone may be as long.
LONGEST_SUBJECT = 200

# How the keys of mailings begin whose messages hold a secret of the person they go to. No officer reads them.
PRIVATE = "private:"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker goes about its work.

    `most_attempts` with the backoff's waits tries a message for about a day. `unreachable` is how long mail
    rests after the mail server could not be reached, which is no fault of any message. `in_flight` is how
    many messages may have left without their rows saying so: as many may leave a second time where a worker
    is killed. After `hold` even fewer are written down.
    """

    batch: int = 200
    in_flight: int = 50
    hold: timedelta = timedelta(milliseconds=250)
    lease: timedelta = timedelta(minutes=2)
    backoff: Backoff = field(default_factory=Backoff)
    most_attempts: int = 14
    idle: timedelta = timedelta(seconds=1)
    unreachable: timedelta = timedelta(seconds=15)
    tick: timedelta = timedelta(minutes=1)

    def has_time(self, lease_until: datetime, now: datetime) -> bool:
        """Tell whether to begin another message of a batch: not in the last third of its lease."""
        return lease_until - now > self.lease / 3

    def must_note(self, left: Sequence[datetime], now: datetime) -> bool:
        """Tell whether what has left since these moments must be written down before anything else leaves."""
        return bool(left) and (len(left) >= self.in_flight or now - left[0] >= self.hold)


def is_permanent(code: int) -> bool:
    """Tell whether an SMTP reply code refuses a message for good (RFC 5321, 4.2.1)."""
    return code in PERMANENT


SLOT = timedelta(seconds=10)

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")

# Refusals for good that say nothing of the address: a full mailbox, a message too long or in a form not
# taken, our own address or name, a policy. The same address may take the next message.
_NOT_THE_ADDRESS = frozenset({"5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3.4"})
_NOT_THE_ADDRESS_EITHER = ("5.6.", "5.7.")


def find_status(text: str) -> str | None:
    """Return the first enhanced status code in a text (RFC 3463, like 5.1.1), None where there is none."""
    found = _STATUS.search(text)
    return found[0] if found else None


def closes_address(status: str) -> bool:
    """Tell whether a status says that no mail will reach the address: refused for good, and because of it."""
    if not status.startswith("5.") or status in _NOT_THE_ADDRESS:
        return False
    return not status.startswith(_NOT_THE_ADDRESS_EITHER)


def paced(
    domains: Sequence[str], *, now: datetime, per_minute: int, last: Mapping[str, datetime]
) -> list[datetime]:
    """Return when each message may leave, so that no domain is sent more than `per_minute`.

    Several leave together every ten seconds, over one connection. `last`: when the last message leaves that
    waits for a domain already. 0 a minute is no limit.
    """
    if not per_minute:
        return [now] * len(domains)
    together = max(1, per_minute * SLOT // timedelta(minutes=1))
    apart = SLOT if together > 1 else timedelta(minutes=1) / per_minute
    begin = {domain: max(now, moment + apart) for domain, moment in last.items()}
    before: Counter[str] = Counter()
    moments = []
    for domain in domains:
        moments.append(begin.get(domain, now) + before[domain] // together * apart)
        before[domain] += 1
    return moments
