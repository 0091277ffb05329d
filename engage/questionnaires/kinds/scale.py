"""A scale of points, with words for its ends."""

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
    Question,
    Reading,
    Setting,
    Shape,
    one,
    refused,
)

MOST_POINTS = 11
FARTHEST = 100


@dataclass(frozen=True, kw_only=True)
class Scale(Question):
    """Keeps {"point": a whole number from `low` to `high`}."""

    kind: ClassVar[str] = "scale"
    name: ClassVar[Text] = lazy("Scale")
    what: ClassVar[Text] = lazy("A row of numbers, like 1 to 5, with words for its two ends.")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("low", Shape.NUMBER, lazy("The lowest number")),
        Setting("high", Shape.NUMBER, lazy("The highest number")),
        Setting("low_label", Shape.TEXT, lazy("What the lowest number means")),
        Setting("high_label", Shape.TEXT, lazy("What the highest number means")),
    )

    low: int = 1
    high: int = 5
    low_label: str = ""
    high_label: str = ""

    def faults(self) -> Iterator[str]:
        """It has two ends, and no more points than fit into a row."""
        if not -FARTHEST <= self.low <= FARTHEST:
            yield f"low is {self.low}, not -{FARTHEST} to {FARTHEST}"
        elif not self.low < self.high < self.low + MOST_POINTS:
            yield f"high is {self.high}, not {self.low + 1} to {self.low + MOST_POINTS - 1}"

    @property
    def points(self) -> range:
        """The numbers, from the lowest."""
        return range(self.low, self.high + 1)

    def end(self, point: int) -> str:
        """Return what a number means: words for the two ends, blank in between."""
        return {self.low: self.low_label, self.high: self.high_label}.get(point, "")

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the number chosen, if it is on the scale."""
        typed = one(given, self.code)
        if not typed:
            problem = lazy("Choose a number from %(low)s to %(high)s.", low=self.low, high=self.high)
            return refused(self.first_field, problem) if self.required else Reading()
        return (
            Reading({"point": int(typed)}) if typed in self.marks else refused(self.first_field, NOT_OFFERED)
        )

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The number, with its words."""
        return (Line(self.label, self.marks[str(answer["point"])]),)

    @cached_property
    def marks(self) -> Mapping[str, Text]:
        """The numbers, those at the ends with their words."""
        return {
            str(point): f"{point} ({end})" if (end := self.end(point)) else str(point)
            for point in self.points
        }

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The number as a mark."""
        return (str(answer["point"]),)

    def amount(self, answer: Answer) -> float | None:
        """The number."""
        point: int = answer["point"]
        return point

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The button pressed."""
        return {self.code: [str(answer["point"])]}

    def columns(self) -> tuple[Column, ...]:
        """The number."""
        return (Column(self.code, self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The number, without its words."""
        return {self.code: answer["point"]}
