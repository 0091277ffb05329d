"""What a link is called, and what a group may know of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from engage.consultations.rules import State, has_reached
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.groups.rules import GroupKind


class LinkKind(StrEnum):
    """What a link stands for in the tree: authority -> CPEG -> member group -> event or poster."""

    AUTHORITY = "authority"
    GROUP = "group"
    EVENT = "event"
    POSTER = "poster"


# A borough's second name says nothing that its first does not ("Kingston upon Thames").
_SECOND_NAME = re.compile(r"\s+(?:and|upon)\s+.*", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[^a-z]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
LONGEST_NAME = 20
SHORTEST_WORD = 3
HIGHEST_TARGET = 1_000_000

# Kinds that are official bodies: a residents' association may become part of another, not of the police.
_OFFICIAL = frozenset(
    {
        GroupKind.PARTNERSHIP,
        GroupKind.YOUTH_OFFENDING_TEAM,
        GroupKind.COUNCIL,
        GroupKind.POLICE,
        GroupKind.REGIONAL_BODY,
        GroupKind.NATIONAL_BODY,
        GroupKind.MEDIA,
        GroupKind.CUSTODY_VISITORS,
    }
)


def speakable(name: str) -> str:
    """Return the beginning of a code for a place: "Kingston upon Thames" -> `kingston`."""
    return _letters(_SECOND_NAME.sub("", name)) or "link"


def chosen_word(typed: str) -> str:
    """Return the beginning of a code that somebody asked for: "Café Nights 2" -> `cafe-nights`.

    Only letters and hyphens, at most 20: it is read aloud. Raises `Refused` where too little is left.
    """
    word = _letters(typed)
    if len(word.replace("-", "")) < SHORTEST_WORD:
        raise Refused(
            lazy("Choose a word of at least %(least)s letters, A to Z only.", least=SHORTEST_WORD), "word"
        )
    return word


def check_target(target: int | None) -> int | None:
    """Return the target as it may be stored; None is none. Raises `Refused`."""
    if target is not None and not 1 <= target <= HIGHEST_TARGET:
        raise Refused(
            lazy("A target is a whole number from 1 to %(most)s.", most=f"{HIGHEST_TARGET:,}"), "target"
        )
    return target


def may_become(kind: GroupKind, into: GroupKind) -> bool:
    """Tell whether a group of one kind can become part of one of another.

    A CPEG only of a CPEG, an official body only of its like; the groups of people may join each other.
    """
    own = _OFFICIAL | {GroupKind.CPEG}
    return kind == into or (kind not in own and into not in own)


def _letters(name: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name)).lower()
    return _NOT_LETTERS.sub("-", plain).strip("-")[:LONGEST_NAME].strip("-")


def tidy_link_code(typed: str) -> str:
    """Return `typed` as links are stored (`camden-7KQ4`): case, blanks and underscores do not matter."""
    place, _, random_part = re.sub(r"[\s_\-]+", "-", typed.strip()).strip("-").rpartition("-")
    return f"{place.lower()}-{random_part.upper()}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A count as it may be shown: the number itself, or only that it is below `below`.

    Neither: it is withheld because it would tell another one.
    """

    number: int | None
    below: int | None = None

    @property
    def withheld(self) -> bool:
        """Whether the number is not shown."""
        return self.number is None


def shown_to_group(count: int, threshold: int) -> Shown:
    """Return what a group may be told: nought is nought, 1 to `threshold` - 1 is "fewer than".

    For a count that is part of no sum that is shown; for a tree of them see `showing`.
    """
    if 0 < count < threshold:
        return Shown(number=None, below=threshold)
    return Shown(number=count)


def takes_links(state: State) -> bool:
    """Tell whether somebody who follows a new link to a consultation in this state could still answer."""
    return not has_reached(state, State.CLOSED)
