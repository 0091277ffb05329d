"""A few words, on one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import Given, Setting, Shape, one
from engage.questionnaires.kinds.long_text import LongText

MOST_CHARACTERS = 500


@dataclass(frozen=True, kw_only=True)
class ShortText(LongText):
    """Keeps {"text": one line of at most `limit` characters}."""

    kind: ClassVar[str] = "short_text"
    name: ClassVar[Text] = lazy("Short text")
    what: ClassVar[Text] = lazy("A few words on one line.")
    settings: ClassVar[tuple[Setting, ...]] = (Setting("limit", Shape.NUMBER, lazy("The most characters")),)

    limit: int = 200

    def faults(self) -> Iterator[str]:
        """There is room for an answer, and it fits on a line or two."""
        if not 1 <= self.limit <= MOST_CHARACTERS:
            yield f"limit is {self.limit}, not 1 to {MOST_CHARACTERS:,}"

    def typed(self, given: Given) -> str:
        """Return the text on one line: a box of one line sends no others, but anybody else may."""
        return " ".join(one(given, self.code).splitlines())
