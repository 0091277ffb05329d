"""Several choices, from a least to a most, with an answer that excludes the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    refused,
)


@dataclass(frozen=True, kw_only=True)
class SeveralChoices(Question):
    """From `at_least` to `at_most` (None: all) of `options`, or `none_of` alone ("": there is none such).

    Keeps {"chosen": [codes in list order]}.
    """

    kind: ClassVar[str] = "several_choices"
    name: ClassVar[Text] = lazy("Several choices")
    what: ClassVar[Text] = lazy(
        "A list from which people choose all that apply, or up to so many. “None of these” can stand alone."
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("options", Shape.OPTIONS, lazy("What people can choose")),
        Setting("at_least", Shape.NUMBER, lazy("The fewest that people may choose")),
        Setting(
            "at_most",
            Shape.NUMBER,
            lazy("The most that people may choose"),
            lazy("Leave blank for as many as they like."),
        ),
        Setting(
            "none_of",
            Shape.TEXT,
            lazy("The code of the answer that excludes the others"),
            lazy("For example “none”. Leave blank if there is no such answer."),
        ),
    )

    options: tuple[Option, ...]
    at_least: int = 1
    at_most: int | None = None
    none_of: str = ""

    @property
    def together(self) -> tuple[Option, ...]:
        """The options that may be chosen together."""
        return tuple(option for option in self.options if option.code != self.none_of)

    @property
    def alone(self) -> Option | None:
        """The option that excludes the others, if there is one."""
        return next((option for option in self.options if option.code == self.none_of), None)

    def faults(self) -> Iterator[str]:
        """What is chosen together must be possible to choose."""
        most = len(self.together)
        if self.none_of and self.alone is None:
            yield "none_of is not the code of an option"
        if not 1 <= self.at_least <= most:
            yield f"at_least is {self.at_least}, not 1 to {most}, the options that can be chosen together"
        elif self.at_most is not None and not self.at_least <= self.at_most <= most:
            yield f"at_most is {self.at_most}, not {self.at_least} to {most}"

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the codes chosen once each; unknown codes, too few and too many are refused."""
        sent = {code.strip() for code in given.get(self.code) or ()} - {""}
        chosen = [option.code for option in self.options if option.code in sent]
        if len(chosen) < len(sent):
            return refused(self.first_field, NOT_OFFERED)
        if problem := self._problem(chosen):
            return refused(self.first_field, problem)
        return Reading({"chosen": chosen} if chosen else None)

    def _problem(self, chosen: list[str]) -> Text | None:
        count = len(chosen)
        if not count:
            return self._ask() if self.required else None
        if self.none_of in chosen:
            only = lazy("Choose “%(none)s” or other answers, not both.", none=self.marks[self.none_of])
            return only if count > 1 else None
        if count < self.at_least:
            return lazy("Choose at least %(least)s. You chose %(count)s.", least=self.at_least, count=count)
        if self.at_most is not None and count > self.at_most:
            return lazy(
                "Choose no more than %(limit)s. You chose %(count)s.", limit=self.at_most, count=count
            )
        return None

    def _ask(self) -> Text:
        if self.at_least > 1:
            return lazy("Choose at least %(least)s answers.", least=self.at_least)
        return lazy("Choose at least one answer.")

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """One line with the labels chosen."""
        return (Line(self.label, "\n".join(str(self.marks[code]) for code in answer["chosen"])),)

    @cached_property
    def marks(self) -> Mapping[str, Text]:
        """The options."""
        return {option.code: option.label for option in self.options}

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The options chosen."""
        return tuple(answer["chosen"])

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The boxes ticked."""
        return {self.code: list(answer["chosen"])}

    def columns(self) -> tuple[Column, ...]:
        """A column for each option."""
        return tuple(
            Column(f"{self.code}-{option.code}", f"{self.label} ({option.label})") for option in self.options
        )

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """1 for what was chosen and 0 for what was not, so that a column adds up."""
        chosen = set(answer["chosen"])
        return {f"{self.code}-{option.code}": int(option.code in chosen) for option in self.options}
