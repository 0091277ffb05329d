"""What a statutory duty says, and when an entry may serve it. Pure decisions on plain values."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

# The row for entries that serve no duty; it is never ended and never counted as covered or missed.
NO_DUTY = "none"
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class DutyName:
    """A duty in plain words: its name, the law that it comes from (empty where there is none), its end."""

    name: str
    law: str
    ended_on: date | None = None


def in_force(ended_on: date | None, on: date) -> bool:
    """Tell whether a duty that ended on that day binds on the day `on`; it does not on the day it ended."""
    return ended_on is None or on < ended_on


def code_for(name: str, taken: Collection[str]) -> str:
    """Return a code for a duty called `name` that is not `taken`: small letters, figures, underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    stem = "_".join(words)[: LONGEST_CODE - 3].strip("_") or "duty"
    if stem not in taken:
        return stem
    return next(code for number in range(2, len(taken) + 3) if (code := f"{stem}_{number}") not in taken)
