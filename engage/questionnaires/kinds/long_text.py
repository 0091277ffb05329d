"""Text in one's own words, over several lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import (
    Answer,
    Column,
    Given,
    Line,
    Problem,
    Question,
    Reading,
    Setting,
    Shape,
    one,
    too_long,
)


@dataclass(frozen=True, kw_only=True)
class LongText(Question):
    """Keeps {"text": ...}, at most `limit` characters."""

    kind: ClassVar[str] = "long_text"
    name: ClassVar[Text] = lazy("Long text")
    what: ClassVar[Text] = lazy("An answer in people’s own words, over several lines.")
    settings: ClassVar[tuple[Setting, ...]] = (Setting("limit", Shape.NUMBER, lazy("The most characters")),)

    limit: int = 2000

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the text as typed, but for its ends."""
        text = one(given, self.code)
        if problems := too_long(self.code, text, self.limit):
            return Reading(problems=problems)
        if self.required and not text:
            return Reading(problems=(Problem(self.code, lazy("Write an answer.")),))
        return Reading({"text": text} if text else None)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The text."""
        return (Line(self.label, answer["text"]),)

    def columns(self) -> tuple[Column, ...]:
        """The text."""
        return (Column(self.code, self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The text."""
        return {self.code: answer["text"]}
