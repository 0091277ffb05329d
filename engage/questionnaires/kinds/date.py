"""A date: day, month and year in boxes of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
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

PARTS = ("day", "month", "year")
MONTHS = (
    *(lazy("January"), lazy("February"), lazy("March"), lazy("April"), lazy("May"), lazy("June")),
    *(lazy("July"), lazy("August"), lazy("September"), lazy("October"), lazy("November"), lazy("December")),
)
SHORTEST_MONTH = 3
DAY = re.compile(r"[0-9]{1,2}")
YEAR = re.compile(r"[1-9][0-9]{3}")


@dataclass(frozen=True, kw_only=True)
class DateQuestion(Question):
    """Keeps {"date": "2027-10-01"}, from `earliest` to `latest`, each where it is given."""

    kind: ClassVar[str] = "date"
    name: ClassVar[Text] = lazy("Date")
    what: ClassVar[Text] = lazy("A day, in boxes for day, month and year.")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("earliest", Shape.DATE, lazy("The earliest day"), lazy("Leave blank for no limit.")),
        Setting("latest", Shape.DATE, lazy("The latest day"), lazy("Leave blank for no limit.")),
    )

    earliest: date | None = None
    latest: date | None = None

    def faults(self) -> Iterator[str]:
        """Some day lies within its limits."""
        if self.earliest and self.latest and self.earliest > self.latest:
            yield f"earliest is {self.earliest}, after latest, {self.latest}"

    @property
    def first_field(self) -> str:
        """The day."""
        return self.field("day")

    def field(self, part: str) -> str:
        """Return the name of the field for `day`, `month` or `year`."""
        return f"{self.code}-{part}"

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep a day of the calendar within the limits; a month may be written as a word."""
        typed = {part: one(given, self.field(part)) for part in PARTS}
        missing = [part for part in PARTS if not typed[part]]
        if len(missing) == len(PARTS) and not self.required:
            return Reading()
        if missing:
            ask = lazy("Write a day, a month and a year, like 27 3 2027.")
            return refused(self.field(missing[0]), ask)
        found = _day_of(**typed)
        if found is None:
            return refused(self.first_field, lazy("Write a real date, like 27 3 2027."))
        if problem := self._out_of_limits(found):
            return refused(self.first_field, problem)
        return Reading({"date": found.isoformat()})

    def _out_of_limits(self, found: date) -> Text | None:
        too_early = self.earliest is not None and found < self.earliest
        too_late = self.latest is not None and found > self.latest
        if not too_early and not too_late:
            return None
        limits = {"earliest": _words(self.earliest), "latest": _words(self.latest)}
        if self.earliest and self.latest:
            return lazy("Write a date from %(earliest)s to %(latest)s.", **limits)
        if self.earliest:
            return lazy("Write a date that is %(earliest)s or later.", **limits)
        return lazy("Write a date that is %(latest)s or earlier.", **limits)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """The day in words."""
        return (Line(self.label, _words(date.fromisoformat(answer["date"]))),)

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The three boxes."""
        kept = date.fromisoformat(answer["date"])
        return {self.field(part): [str(getattr(kept, part))] for part in PARTS}

    def columns(self) -> tuple[Column, ...]:
        """The day."""
        return (Column(self.code, self.label),)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The day, as figures that sort."""
        return {self.code: answer["date"]}


def _words(day: date | None) -> Text:
    return (
        lazy("%(day)s %(month)s %(year)s", day=day.day, month=MONTHS[day.month - 1], year=day.year)
        if day
        else ""
    )


def _day_of(day: str, month: str, year: str) -> date | None:
    number = _month_of(month)
    if number is None or not DAY.fullmatch(day) or not YEAR.fullmatch(year):
        return None
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _month_of(typed: str) -> int | None:
    if DAY.fullmatch(typed):
        return int(typed)
    word = typed.casefold().rstrip(".")
    if len(word) < SHORTEST_MONTH:
        return None
    return next(
        (place for place, name in enumerate(MONTHS, 1) if str(name).casefold().startswith(word)), None
    )
