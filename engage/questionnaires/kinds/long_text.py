"""Text in one's own words, over several lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import (
    Answer,
    Column,
    Given,
    Line,
    Question,
    Reading,
    Setting,
    Shape,
    one,
    refused,
    too_long,
)

MOST_CHARACTERS = 20_000


@dataclass(frozen=True, kw_only=True)
class LongText(Question):
    """Keeps {"text": ...}, at most `limit` characters."""

    kind: ClassVar[str] = "long_text"
    name: ClassVar[Text] = lazy("Long text")
    what: ClassVar[Text] = lazy("An answer in people’s own words, over several lines.")
    settings: ClassVar[tuple[Setting, ...]] = (Setting("limit", Shape.NUMBER, lazy("The most characters")),)

    limit: int = 2000

    def faults(self) -> Iterator[str]:
        """There is room for an answer."""
        if not 1 <= self.limit <= MOST_CHARACTERS:
            yield f"limit is {self.limit}, not 1 to {MOST_CHARACTERS:,}"

    def typed(self, given: Given) -> str:
        """Return the text as typed, but for its ends."""
        return one(given, self.code)

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the text typed."""
        text = self.typed(given)
        if problems := too_long(self.code, text, self.limit):
            return Reading(problems=problems)
        if self.required and not text:
            return refused(self.code, lazy("Write an answer."))
        return Reading({"text": text} if text else None)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The text."""
        return (Line(self.label, answer["text"]),)

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The text."""
        return {self.code: [answer["text"]]}

    def columns(self) -> tuple[Column, ...]:
        """The text."""
        return (Column(self.code, self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The text."""
        return {self.code: answer["text"]}
