"""A number, within limits and with a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import (
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
from engage.questionnaires.kinds.written import LARGEST_NUMBER

# A comma or a blank may part the thousands and nothing else: "1,5" is not guessed to be 1.5.
WRITTEN = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.[0-9]+)?")
LONGEST = 40
LONGEST_UNIT = 40


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """Keeps {"number": int or float} from `least` to `most`, where given; `unit` is shown beside it."""

    kind: ClassVar[str] = "number"
    name: ClassVar[Text] = lazy("Number")
    what: ClassVar[Text] = lazy("A number that people write, within limits that you set.")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("least", Shape.NUMBER, lazy("The smallest number"), lazy("Leave blank for no limit.")),
        Setting("most", Shape.NUMBER, lazy("The largest number"), lazy("Leave blank for no limit.")),
        Setting("whole", Shape.YES_NO, lazy("Whole numbers only")),
        Setting("unit", Shape.TEXT, lazy("Unit"), lazy("For example “years”, “%” or “£”.")),
    )

    least: float | None = None
    most: float | None = None
    whole: bool = True
    unit: str = ""

    def faults(self) -> Iterator[str]:
        """Some number lies within its limits."""
        if self.least is not None and self.most is not None and self.least > self.most:
            yield f"least is {self.least}, more than most, {self.most}"
        for name, limit in (("least", self.least), ("most", self.most)):
            if self.whole and limit is not None and limit != int(limit):
                yield f"{name} is {limit}, but only whole numbers are asked for"
        if len(self.unit) > LONGEST_UNIT:
            yield f"unit is longer than {LONGEST_UNIT} characters"

    @property
    def money(self) -> bool:
        """Whether the unit is written before the number."""
        return self.unit in ("£", "€", "$")

    @property
    def keys(self) -> str:
        """Which keys a phone shows; those for figures lack the minus sign on some."""
        if self.least is not None and self.least < 0:
            return "text"
        return "numeric" if self.whole else "decimal"

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the number written, which may have its thousands parted and its unit beside it."""
        typed = one(given, self.code)
        if not typed:
            return refused(self.code, self._ask()) if self.required else Reading()
        typed = typed.removeprefix(self.unit).removesuffix(self.unit).strip().replace("−", "-")
        if len(typed) > LONGEST or not WRITTEN.fullmatch(typed):
            return refused(self.code, self._ask())
        value = Decimal(typed.replace(",", "").replace(" ", ""))
        if not self._within(value) or (self.whole and value != int(value)):
            return refused(self.code, self._ask())
        return Reading({"number": int(value) if value == int(value) else float(value)})

    def _within(self, value: Decimal) -> bool:
        least = -LARGEST_NUMBER if self.least is None else self.least
        most = LARGEST_NUMBER if self.most is None else self.most
        return _exactly(least) <= value <= _exactly(most)

    def _ask(self) -> Text:
        """Return the one sentence that says what to write."""
        kind = lazy("a whole number") if self.whole else lazy("a number")
        limits = {
            "kind": kind,
            "least": _shown(self.least) if self.least is not None else "",
            "most": _shown(self.most) if self.most is not None else "",
        }
        if self.least is not None and self.most is not None:
            return lazy("Write %(kind)s from %(least)s to %(most)s.", **limits)
        if self.least is not None:
            return lazy("Write %(kind)s, %(least)s or more.", **limits)
        if self.most is not None:
            return lazy("Write %(kind)s, %(most)s or less.", **limits)
        return lazy("Write %(kind)s, like 12.", **limits)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The number with its unit."""
        shown = _shown(answer["number"])
        if not self.unit:
            return (Line(self.label, shown),)
        apart = "" if self.money or self.unit == "%" else " "
        return (Line(self.label, f"{self.unit}{shown}" if self.money else f"{shown}{apart}{self.unit}"),)

    def amount(self, answer: Answer) -> float | None:
        """The number."""
        number: float = answer["number"]
        return number

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The number, written out."""
        return {self.code: [format(_exactly(answer["number"]), "f")]}

    def columns(self) -> tuple[Column, ...]:
        """The number, with its unit in the heading."""
        return (Column(self.code, f"{self.label} ({self.unit})" if self.unit else self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The number."""
        return {self.code: answer["number"]}


def _shown(number: float) -> str:
    """Return a number with its thousands parted, written out."""
    return format(_exactly(number), ",f")


def _exactly(number: float) -> Decimal:
    """Return the number as it is written: 0.1 is a tenth, not the nearest sum of halves."""
    return Decimal(repr(number))
