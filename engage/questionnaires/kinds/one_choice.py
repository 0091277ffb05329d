"""One choice of several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import (
    NOT_OFFERED,
    Answer,
    Column,
    Given,
    Line,
    Option,
    Question,
    Reading,
    Setting,
    Shape,
    one,
    refused,
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
            return refused(self.first_field, lazy("Choose one answer.")) if self.required else Reading()
        return Reading({"chosen": code}) if code in self.marks else refused(self.first_field, NOT_OFFERED)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The label chosen."""
        return (Line(self.label, self.marks[answer["chosen"]]),)

    @cached_property
    def marks(self) -> Mapping[str, Text]:
        """The options."""
        return {option.code: option.label for option in self.options}

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The option chosen."""
        return (answer["chosen"],)

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The button pressed."""
        return {self.code: [answer["chosen"]]}

    def columns(self) -> tuple[Column, ...]:
        """The label chosen."""
        return (Column(self.code, self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The label chosen."""
        return {self.code: str(self.marks[answer["chosen"]])}
