"""The same choice for several things: a row for each."""

from __future__ import annotations

from abc import abstractmethod
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
    Problem,
    Question,
    Reading,
    Setting,
    Shape,
    one,
)


@dataclass(frozen=True, kw_only=True)
class Grid(Question):
    """A choice of the same options in each of `rows`; required means in every row.

    Keeps {"rows": {row code: option code}}, with the rows that were answered.
    """

    rows: tuple[Option, ...]

    @property
    @abstractmethod
    def choices(self) -> tuple[Option, ...]:
        """What may be chosen in each row."""

    @property
    def first_field(self) -> str:
        """The first row."""
        return self.field(self.rows[0])

    def field(self, row: Option) -> str:
        """Return the name of the field for a row."""
        return f"{self.code}-{row.code}"

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep what is chosen in each row."""
        offered = {option.code for option in self.choices}
        typed = {row.code: one(given, self.field(row)) for row in self.rows}
        problems = []
        for row in self.rows:
            if typed[row.code] and typed[row.code] not in offered:
                problems.append(Problem(self.field(row), NOT_OFFERED))
            elif self.required and not typed[row.code]:
                missing = lazy("Choose an answer for “%(row)s”.", row=row.label)
                problems.append(Problem(self.field(row), missing))
        if problems:
            return Reading(problems=tuple(problems))
        rows = {code: option for code, option in typed.items() if option}
        return Reading({"rows": rows} if rows else None)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """One line, with a row to each of its own."""
        said = [str(self.marks[mark]) for mark in self.chosen(answer)]
        return (Line(self.label, "\n".join(said)),)

    @cached_property
    def marks(self) -> Mapping[str, Text]:
        """Every option of every row, as "row:option"."""
        return {
            f"{row.code}:{option.code}": lazy("%(row)s: %(option)s", row=row.label, option=option.label)
            for row in self.rows
            for option in self.choices
        }

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """What was chosen in each row."""
        rows: Mapping[str, str] = answer["rows"]
        return tuple(f"{row.code}:{rows[row.code]}" for row in self.rows if row.code in rows)

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The buttons pressed."""
        return {f"{self.code}-{row}": [option] for row, option in answer["rows"].items()}

    def columns(self) -> tuple[Column, ...]:
        """A column for each row."""
        return tuple(Column(self.field(row), f"{self.label} ({row.label})") for row in self.rows)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The label chosen in each row."""
        labels = {option.code: str(option.label) for option in self.choices}
        return {f"{self.code}-{row}": labels[option] for row, option in answer["rows"].items()}


@dataclass(frozen=True, kw_only=True)
class Matrix(Grid):
    """A grid with options of its own."""

    kind: ClassVar[str] = "matrix"
    name: ClassVar[Text] = lazy("The same choice for several things")
    what: ClassVar[Text] = lazy(
        "Each row is a thing to judge, with the same answers to choose from. On a phone the rows are stacked."
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("rows", Shape.OPTIONS, lazy("The things to judge")),
        Setting("options", Shape.OPTIONS, lazy("What people can choose for each")),
    )

    options: tuple[Option, ...]

    @property
    def choices(self) -> tuple[Option, ...]:
        """The options."""
        return self.options
