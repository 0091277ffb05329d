"""One choice of several."""

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
    Option,
    Problem,
    Question,
    Reading,
    Setting,
    Shape,
    one,
)


@dataclass(frozen=True, kw_only=True)
class OneChoice(Question):
    """Keeps {"chosen": code}."""

    kind: ClassVar[str] = "one_choice"
    name: ClassVar[Text] = lazy("One choice")
    what: ClassVar[Text] = lazy("A list from which people choose one answer.")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("options", Shape.OPTIONS, lazy("What people can choose")),
    )

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

    @property
    def marks(self) -> Mapping[str, Text]:
        """The options."""
        return {option.code: option.label for option in self.options}

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The option chosen."""
        return (answer["chosen"],)

    def columns(self) -> tuple[Column, ...]:
        """The label chosen."""
        return (Column(self.code, self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The label chosen."""
        return {self.code: str(self.marks[answer["chosen"]])}
