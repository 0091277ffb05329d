"""Values of a definition as JSON has them, each taken only if it is what it should be.

A definition may come from an officer's file, so nothing in it is converted or guessed: "three" is not 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

LONGEST_TEXT = 20_000
LONGEST_LABEL = 2_000
MOST_OPTIONS = 100
# Beyond this a number loses digits on its way through JSON and columns of figures.
LARGEST_NUMBER = 10**15

# Single hyphens only: two of them part a code from what the page adds to it in an id.
OPTION_CODE = re.compile(r"(?=.{1,40}\Z)[A-Za-z0-9][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Neither PostgreSQL nor XML keeps these; a lone surrogate cannot even be written as UTF-8.
UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Unfit(ValueError):
    """A value is not what its setting takes. The message goes on from the setting's name."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, with its stable code."""

    code: str
    label: str
    hint: str = ""


def text(value: Any) -> str:
    """Return `value` if it is a text that can be kept."""
    if not isinstance(value, str):
        raise Unfit("is not a text")
    if len(value) > LONGEST_TEXT:
        raise Unfit(f"is longer than {LONGEST_TEXT:,} characters")
    if UNKEEPABLE.search(value):
        raise Unfit("has a character that cannot be kept")
    return value


def whole(value: Any) -> int:
    """Return `value` if it is a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit("is not a whole number")
    if abs(value) > LARGEST_NUMBER:
        raise Unfit("is too large a number")
    return value


def number(value: Any) -> float:
    """Return `value` if it is a number, as it is written: 3 stays 3."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Unfit("is not a number")
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise Unfit("is too large a number")
    return value


def yes_no(value: Any) -> bool:
    """Return `value` if it is true or false."""
    if not isinstance(value, bool):
        raise Unfit("is neither true nor false")
    return value


def day(value: Any) -> date:
    """Return the day that `value` names, like 2027-10-01."""
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise Unfit("is not a day of the calendar") from error
    raise Unfit("is not a day like 2027-10-01")


def unusable_label(label: str) -> Iterator[str]:
    """Yield what keeps a label from being read, beginning with "label"."""
    if not label.strip():
        yield "label is blank"
    if len(label) > LONGEST_LABEL:
        yield f"label is longer than {LONGEST_LABEL:,} characters"


def listed(value: Any) -> list[Any]:
    """Return `value` if it is a list, whatever is in it."""
    if not isinstance(value, list | tuple):
        raise Unfit("is not a list")
    return list(value)


def options(value: Any) -> tuple[Option, ...]:
    """Return the options that `value` lists, each with a code of its own."""
    entries = listed(value)
    if not 1 <= len(entries) <= MOST_OPTIONS:
        raise Unfit(f"has {len(entries)} entries, not 1 to {MOST_OPTIONS}")
    found = tuple(_option(place, entry) for place, entry in enumerate(entries, start=1))
    codes = [option.code for option in found]
    for code in codes:
        if codes.count(code) > 1:
            raise Unfit(f"has the code “{code}” twice")
    return found


def _option(place: int, entry: Any) -> Option:
    if not isinstance(entry, Mapping) or not {"code", "label"} <= entry.keys() <= {"code", "label", "hint"}:
        raise Unfit(f"has an entry ({place}) that is not a code, a label and perhaps a hint")
    try:
        option = Option(**{name: text(part) for name, part in entry.items()})
    except Unfit as error:
        raise Unfit(f"has an entry ({place}) of which a part {error}") from error
    if not OPTION_CODE.fullmatch(option.code):
        raise Unfit(f"has the code {option.code[:50]!r}, which is not letters, digits, “_” and single “-”")
    for fault in unusable_label(option.label):
        raise Unfit(f"has an entry ({place}) whose {fault}")
    return option
