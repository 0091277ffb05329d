"""Text in one's own words, over several lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import lazy
from engage.questionnaires.kinds.base import Answer, Given, Line, Problem, Question, Reading, one, too_long


@dataclass(frozen=True, kw_only=True)
class LongText(Question):
    """Keeps {"text": ...}, at most `limit` characters."""

    kind: ClassVar[str] = "long_text"

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
