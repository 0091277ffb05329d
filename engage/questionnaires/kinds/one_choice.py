"""One choice of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import lazy
from engage.questionnaires.kinds.base import Answer, Given, Line, Option, Problem, Question, Reading, one


@dataclass(frozen=True, kw_only=True)
class OneChoice(Question):
    """Keeps {"chosen": code}."""

    kind: ClassVar[str] = "one_choice"

    options: tuple[Option, ...]

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the code chosen, if it is one of ours."""
        code = one(given, self.code)
        if not code:
            problem = Problem(self.first_field, lazy("Choose one answer."))
            return Reading(problems=(problem,) if self.required else ())
        if code not in {option.code for option in self.options}:
            return Reading(problems=(Problem(self.first_field, lazy("Choose from the list on this page.")),))
        return Reading({"chosen": code})

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The label chosen."""
        return tuple(
            Line(self.label, option.label) for option in self.options if option.code == answer["chosen"]
        )
