"""Who an organisation's answer speaks for, and how it was agreed."""

from __future__ import annotations

import re
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

NAME_LIMIT = 200
AGREED_LIMIT = 500
MOST_PEOPLE = 10_000_000
WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True)
class Organisation(Question):
    """Keeps {"name", "speaks_for": people or None, "agreed"}."""

    kind: ClassVar[str] = "organisation"
    name: ClassVar[Text] = lazy("Details of an organisation")
    what: ClassVar[Text] = lazy("Its name, how many people it speaks for, and how the answer was agreed.")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("name_label", Shape.TEXT, lazy("What to call the name")),
        Setting("speaks_for_label", Shape.TEXT, lazy("How to ask how many it speaks for")),
        Setting("agreed_label", Shape.TEXT, lazy("How to ask how the answer was agreed")),
    )

    name_label: str
    speaks_for_label: str
    agreed_label: str

    @property
    def first_field(self) -> str:
        """The name field."""
        return self.field("name")

    def field(self, part: str) -> str:
        """Return the name of the field for `name`, `speaks_for` or `agreed`."""
        return f"{self.code}-{part}"

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep what is given; the number of people must be a whole number."""
        name, agreed = one(given, self.field("name")), one(given, self.field("agreed"))
        people = one(given, self.field("speaks_for")).replace(",", "").replace(" ", "")
        problems = [
            *too_long(self.field("name"), name, NAME_LIMIT),
            *too_long(self.field("agreed"), agreed, AGREED_LIMIT),
        ]
        if people and not (WHOLE.fullmatch(people) and 1 <= int(people) <= MOST_PEOPLE):
            problems.append(Problem(self.field("speaks_for"), lazy("Write a whole number, like 12.")))
        if self.required and not name:
            problems.append(
                Problem(self.field("name"), lazy("Write the name of the business or organisation."))
            )
        if problems:
            return Reading(problems=tuple(problems))
        if not (name or people or agreed):
            return Reading()
        return Reading({"name": name, "speaks_for": int(people) if people else None, "agreed": agreed})

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """A line for each part given."""
        people = answer["speaks_for"]
        parts = (
            (self.name_label, answer["name"]),
            (self.speaks_for_label, f"{people:,}" if people else ""),
            (self.agreed_label, answer["agreed"]),
        )
        return tuple(Line(label, text) for label, text in parts if text)

    def amount(self, answer: Answer) -> float | None:
        """How many it speaks for."""
        people: int | None = answer["speaks_for"]
        return people

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The three boxes; blank where nothing was said."""
        return {self.field(part): [str(answer[part] or "")] for part in ("name", "speaks_for", "agreed")}

    def columns(self) -> tuple[Column, ...]:
        """A column for each part."""
        return (
            Column(self.field("name"), self.name_label),
            Column(self.field("speaks_for"), self.speaks_for_label),
            Column(self.field("agreed"), self.agreed_label),
        )

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """Each part given."""
        return {self.field(part): value for part, value in answer.items() if value}
