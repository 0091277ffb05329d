"""The event a browser is used at: kept in its signed cookie, which holds nothing of who started it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from flask import session as browser

from engage.foundations.tokens import keyed_hash, sign, unsign
from engage.responses.tablets.rules import EVENT_LASTS

HELD = "event"
LOCK = "event-lock"


@dataclass(frozen=True, slots=True)
class Event:
    """Which form is answered on this device, until when (seconds since 1970), and by whose link.

    `link` is a link's code, empty for none. `back` is the page that whoever signs in to end it comes to.
    `ticket` is the key of the form on the screen, and `receipt` the code to show next; both only where the
    device leaves everything to the server.
    """

    key: str
    slug: str
    code: str
    link: str
    until: int
    back: str
    ticket: str = ""
    receipt: str = ""

    @property
    def lock(self) -> str:
        """What a device keeps beside what it encrypts; shown to us again, it leads to the key."""
        return sign(self.key, LOCK)


def begin(event: Event) -> None:
    """Make this browser one of an event, and nothing else: whoever was signed in here is so no more."""
    browser.clear()
    # So that an event survives a browser that is closed by a tired device.
    browser.permanent = True
    browser[HELD] = asdict(event)


def keep(event: Event) -> None:
    """Keep what changed about the event."""
    browser[HELD] = asdict(event)


def held_event(now: datetime) -> Event | None:
    """Return the event this browser is used at, None where it is not or the event is over."""
    held = browser.get(HELD)
    if not isinstance(held, dict) or held.keys() != {field.name for field in fields(Event)}:
        return None
    event = Event(**held)
    return event if now < datetime.fromtimestamp(event.until, UTC) else None


def ends(now: datetime) -> int:
    """Return when an event that begins at `now` is over."""
    return int((now + EVENT_LASTS).timestamp())


def key_to(lock: str) -> str | None:
    """Return the key (32 bytes, Base64) that belongs to a lock of ours; None for any other."""
    key = unsign(lock, LOCK)
    return b64encode(keyed_hash(key, LOCK)).decode() if isinstance(key, str) else None
