"""What a pack says, as plain values; what stands in the way of one; how an address is said aloud."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engage.foundations.language import Text, lazy
from engage.timetable.rules import Method

MORE = "…"
_NOT_SAID = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# Shorter than this a sentence says too little to stand alone.
SHORTEST_SAYING = 40


class Obstacle(StrEnum):
    """Why there is no pack."""

    REVOKED = "revoked"
    CANCELLED = "cancelled"
    CLOSED = "closed"


OBSTACLES: Mapping[Obstacle, Text] = {
    Obstacle.REVOKED: lazy(
        "This link was taken back. Whoever follows it can still take part, but it no longer names a group, "
        "so it should not be passed on any more."
    ),
    Obstacle.CANCELLED: lazy("This will not take place, so there is nothing to pass on."),
    Obstacle.CLOSED: lazy("Answers are no longer taken, so there is nothing to pass on."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a pack is made of, in the words of whoever entered it; empty and None where nobody has said.

    `group` is empty for the authority's own link. `address` is whole.
    """

    code: str
    title: str
    purpose: str
    authority: str
    group: str
    address: str
    opens_at: datetime
    closing: date | datetime
    decision_maker: str
    decision_due_on: date | None
    feedback_due_on: date | None
    methods: frozenset[Method]

    @property
    def spoken(self) -> str:
        """The address as it is printed and said."""
        return spoken(self.address)


def obstacle(
    *, revoked_at: datetime | None, cancelled_at: datetime | None, closes_at: datetime, now: datetime
) -> Obstacle | None:
    """Return what stands in the way of a pack, None where nothing does."""
    if revoked_at is not None:
        return Obstacle.REVOKED
    if cancelled_at is not None:
        return Obstacle.CANCELLED
    return Obstacle.CLOSED if now >= closes_at else None


def spoken(address: str) -> str:
    """Return an address as people say it: `https://www.example.org/go/a` -> `example.org/go/a`."""
    return _NOT_SAID.sub("", address)


def one_line(text: str) -> str:
    """Return `text` on one line, with single blanks."""
    return " ".join(text.split())


def shortened(text: str, most: int) -> str:
    """Return `text` on one line within `most` characters: whole sentences, or else whole words and "…"."""
    text = one_line(text)
    if len(text) <= most:
        return text
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > most:
            break
        kept = longer
    if len(kept) >= min(SHORTEST_SAYING, most // 2):
        return kept
    cut = text[: max(most - len(MORE), 0)]
    words, blank, _ = cut.rpartition(" ")
    return (words if blank and len(words) > most // 2 else cut).rstrip(" ,;:-–") + MORE


def sentence(text: str) -> str:
    """Return `text` with a full stop, unless it ends like a sentence already."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def right_to_left(text: str) -> bool:
    """Tell whether `text` is written from the right: its first letter with a direction says so."""
    for one in text:
        direction = unicodedata.bidirectional(one)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
