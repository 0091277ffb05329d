"""Statements with which people agree or disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import Option, Setting, Shape
from engage.questionnaires.kinds.matrix import Grid

# The same words, in the same order, in every questionnaire: only so do answers compare over the years.
OPINIONS = (
    Option("strongly_agree", lazy("Strongly agree")),
    Option("agree", lazy("Agree")),
    Option("neither", lazy("Neither agree nor disagree")),
    Option("disagree", lazy("Disagree")),
    Option("strongly_disagree", lazy("Strongly disagree")),
    Option("dont_know", lazy("Don’t know")),
)


@dataclass(frozen=True, kw_only=True)
class Statements(Grid):
    """A grid whose `rows` are the statements; keeps {"rows": {statement code: opinion code}}."""

    kind: ClassVar[str] = "statements"
    name: ClassVar[Text] = lazy("Agree or disagree")
    what: ClassVar[Text] = lazy("Statements, each from “strongly agree” to “strongly disagree”.")
    settings: ClassVar[tuple[Setting, ...]] = (Setting("rows", Shape.OPTIONS, lazy("The statements")),)
    options: ClassVar[tuple[Option, ...]] = OPINIONS

    @property
    def choices(self) -> tuple[Option, ...]:
        """The opinions, from the strongest agreement."""
        return OPINIONS
