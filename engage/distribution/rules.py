"""What a link is called, and what a group may know of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class LinkKind(StrEnum):
    """What a link stands for in the tree: authority -> CPEG -> member group -> event or poster."""

    AUTHORITY = "authority"
    GROUP = "group"
    EVENT = "event"
    POSTER = "poster"


# A borough's second name says nothing that its first does not ("Kingston upon Thames").
_SECOND_NAME = re.compile(r"\s+(?:and|upon)\s+.*", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[^a-z]+")
LONGEST_NAME = 20


def speakable(name: str) -> str:
    """Return the beginning of a code for a place: "Kingston upon Thames" -> `kingston`."""
    plain = _NOT_LETTERS.sub("-", _SECOND_NAME.sub("", name).lower()).strip("-")
    return plain[:LONGEST_NAME].strip("-") or "link"


def tidy_link_code(typed: str) -> str:
    """Return `typed` as links are stored (`camden-7KQ4`): case, blanks and underscores do not matter."""
    place, _, random_part = re.sub(r"[\s_\-]+", "-", typed.strip()).strip("-").rpartition("-")
    return f"{place.lower()}-{random_part.upper()}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A count as it may be shown: the number itself, or only that it is below `below`."""

    number: int | None
    below: int | None = None


def shown_to_group(count: int, threshold: int) -> Shown:
    """Return what a group may be told: nought is nought, 1 to `threshold` - 1 is "fewer than"."""
    if 0 < count < threshold:
        return Shown(number=None, below=threshold)
    return Shown(number=count)
