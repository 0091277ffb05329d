"""An entry as lists and pages say it: the facts, and what they mean at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from engage.foundations.clock import in_london
from engage.timetable import rules
from engage.timetable.queries import Listed
from engage.timetable.rules import EntryState


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as people see it at a moment."""

    entry: Listed
    state: EntryState
    last_day: date | datetime
    late_to_open: bool
    feedback_overdue: bool
    short_notice: bool

    @property
    def web(self) -> WebLink | None:
        """Where to take part in what is run elsewhere, if that is a link to be followed."""
        return None if self.entry.run_here else web_link(self.entry.web_address)


def card(entry: Listed, now: datetime) -> Card:
    """Return `entry` as people see it at `now`."""
    today = in_london(now).date()
    told, opening = entry.notice_given_on, entry.opened_at or entry.opens_at
    return Card(
        entry=entry,
        state=rules.state(entry, now),
        last_day=rules.closing_said(entry.closes_at),
        late_to_open=rules.late_to_open(entry, now),
        feedback_overdue=rules.feedback_overdue(entry, today),
        short_notice=told is not None and not rules.notice_ok(told, opening),
    )


@dataclass(frozen=True, slots=True)
class WebLink:
    """An address that a browser may be sent to, and the host that it leads to."""

    href: str
    host: str


def web_link(address: str) -> WebLink | None:
    """Return `address` as a link where it is of http or https and names a host, or else None.

    An address with a name and password in it is none: it shows one host and may lead to another.
    """
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return WebLink(address, host)
