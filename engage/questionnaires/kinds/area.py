"""Where somebody lives or works: a whole postcode, or a place from the list; the postcode is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from engage.boroughs.postcodes import Outcome, look_up
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

UNCLEAR = {
    Outcome.INCOMPLETE: lazy("Write the whole postcode, like SW1A 1AA, or choose from the list instead."),
    Outcome.NOT_LONDON: lazy(
        "We do not know this as a London postcode. Check it, or choose from the list instead."
    ),
    Outcome.MALFORMED: lazy(
        "This is not a postcode. Write one like SW1A 1AA, or choose from the list instead."
    ),
}


@dataclass(frozen=True, kw_only=True)
class AreaQuestion(Question):
    """Keeps {"area": code}. `options` are the places offered, with "outside" and "prefer not to say"."""

    kind: ClassVar[str] = "area"
    name: ClassVar[Text] = lazy("Postcode or borough")
    what: ClassVar[Text] = lazy(
        "A whole postcode or a borough from the list. We keep the borough and forget the postcode."
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("options", Shape.OPTIONS, lazy("The places in the list")),
    )

    options: tuple[Option, ...]

    @property
    def first_field(self) -> str:
        """The postcode field."""
        return self.postcode_field

    @property
    def postcode_field(self) -> str:
        """The name of the postcode field."""
        return f"{self.code}-postcode"

    def read(self, given: Given, rotation: int) -> Reading:
        """Decide by whole postcode or by the list; where the two disagree, ask."""
        postcode, chosen = one(given, self.postcode_field), one(given, self.code)
        if chosen and chosen not in self.marks:
            return refused(self.code, NOT_OFFERED)
        if not postcode:
            if chosen:
                return Reading({"area": chosen})
            missing = lazy(
                "Write a postcode or choose from the list. “Prefer not to say” is in the list too."
            )
            return refused(self.first_field, missing) if self.required else Reading()
        finding = look_up(postcode)
        if finding.area_code is None:
            # A postcode that is not ours and a place chosen from the list agree well enough when the place is
            # outside London; anything else would be guessing.
            if finding.outcome is Outcome.NOT_LONDON and chosen == "outside":
                return Reading({"area": chosen})
            return refused(self.first_field, UNCLEAR[finding.outcome])
        if chosen and chosen != finding.area_code:
            clash = lazy(
                "This postcode is in %(found)s but you chose %(chosen)s. Clear one of the two.",
                found=self.place(finding.area_code),
                chosen=self.place(chosen),
            )
            return refused(self.first_field, clash)
        return Reading({"area": finding.area_code})

    def place(self, code: str) -> Text:
        """Return the name of a place; its code where a postcode led to a borough that is not in the list."""
        return self.marks.get(code, code)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The name of the place."""
        return (Line(self.label, self.place(answer["area"])),)

    @cached_property
    def marks(self) -> Mapping[str, Text]:
        """The places."""
        return {option.code: option.label for option in self.options}

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The place, if it is in the list."""
        return (answer["area"],) if answer["area"] in self.marks else ()

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The choice from the list, as no postcode is kept; nothing where the list has not got the place."""
        return {self.code: [answer["area"]]} if answer["area"] in self.marks else {}

    def columns(self) -> tuple[Column, ...]:
        """The name of the place."""
        return (Column(self.code, self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The name of the place."""
        return {self.code: str(self.place(answer["area"]))}
