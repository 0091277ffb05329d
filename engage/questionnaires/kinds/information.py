"""A block of facts between questions: it asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import Answer, Column, Given, Line, Question, Reading, Setting, Shape


@dataclass(frozen=True, kw_only=True)
class Information(Question):
    """Keeps nothing. `label` is its heading, `text` the facts with their line breaks, `hint` the source."""

    kind: ClassVar[str] = "information"
    name: ClassVar[Text] = lazy("Information")
    what: ClassVar[Text] = lazy("Facts that people should know before they answer what follows.")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("text", Shape.LONG_TEXT, lazy("The facts"), lazy("A blank line parts paragraphs.")),
    )
    asks: ClassVar[bool] = False

    text: str = ""

    def read(self, given: Given, rotation: int) -> Reading:
        """There is nothing to read, whatever was sent."""
        return Reading()

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """There are none."""
        return ()

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """There are none."""
        return {}

    def columns(self) -> tuple[Column, ...]:
        """There are none."""
        return ()

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """There are none."""
        return {}
