"""The clock of a group: how long it has known, how long it still has. Pure: time is an argument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy
from engage.timetable.rules import NoticeKind, earliest_opening, notice_ok

LONGEST_REMARK = 1000

KINDS: Mapping[NoticeKind, Text] = {
    NoticeKind.ISSUED: lazy("Notice given"),
    NoticeKind.CHANGED: lazy("Dates changed"),
    NoticeKind.POSTPONED: lazy("Postponed"),
    NoticeKind.EXTENDED: lazy("People have longer to answer"),
    NoticeKind.CANCELLED: lazy("Cancelled"),
}


class Fits(StrEnum):
    """How an entry falls with the next meeting of a group."""

    BEFORE = "before"
    WHILE_OPEN = "while_open"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


FITS: Mapping[Fits, Text] = {
    Fits.BEFORE: lazy("Yes: before it opens"),
    Fits.WHILE_OPEN: lazy("Only while it is open"),
    Fits.TOO_LATE: lazy("No: after it closes"),
    Fits.UNKNOWN: lazy("Not known"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A group's notice of an entry at a moment.

    `issued_on` None: not told yet. `days_left` counts London's days to the opening, 0 once it has come.
    `can_open_on` is the first day that leaves the group three months; None while it has not been told.
    """

    issued_on: date | None
    days_left: int
    can_open_on: date | None
    enough: bool


def clock(issued_at: datetime | None, opening_at: datetime, now: datetime) -> Clock:
    """Return the clock at `now` of a group told at `issued_at` of what opens at `opening_at`."""
    issued_on = None if issued_at is None else in_london(issued_at).date()
    left = (in_london(opening_at).date() - in_london(now).date()).days
    return Clock(
        issued_on=issued_on,
        days_left=max(0, left),
        can_open_on=None if issued_on is None else earliest_opening(issued_on),
        enough=notice_ok(issued_on, opening_at),
    )


def fits(meeting_at: datetime | None, opens_at: datetime, closes_at: datetime) -> Fits:
    """Tell how the next meeting falls with what opens and closes then."""
    if meeting_at is None:
        return Fits.UNKNOWN
    if meeting_at < opens_at:
        return Fits.BEFORE
    return Fits.WHILE_OPEN if meeting_at < closes_at else Fits.TOO_LATE


_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"“”‘’]+@[^\s<>()\[\],;:\"“”‘’]+\.[A-Za-z]{2,}")


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the e-mail addresses written in `text`, in small letters, each once."""
    return tuple(dict.fromkeys(found.lower() for found in _ADDRESS.findall(text)))


def listed(names: tuple[str, ...], most: int = 5) -> str:
    """Return the names in one line, with how many more there are beyond `most`."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return str(lazy("%(names)s and %(more)s more", names=shown, more=more)) if more > 0 else shown
