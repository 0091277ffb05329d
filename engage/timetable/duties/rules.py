"""What a statutory duty says, and when an entry may serve it. Pure decisions on plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# The row for entries that serve no duty; it is never ended and never counted as covered or missed.
NO_DUTY = "none"


@dataclass(frozen=True, slots=True)
class DutyName:
    """A duty in plain words: its name, the law that it comes from (empty where there is none), its end."""

    name: str
    law: str
    ended_on: date | None = None


def in_force(ended_on: date | None, on: date) -> bool:
    """Tell whether a duty that ended on that day binds on the day `on`; it does not on the day it ended."""
    return ended_on is None or on < ended_on
