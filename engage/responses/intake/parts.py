"""What a column of a file can be: a part of an answer, or something about the response. Pure.

A part puts what a cell says into the fields that a browser would send, so that the question itself reads
them. The parts that our own exports have come first, with their headings.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from engage.foundations.language import Text, lazy
from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.age_band import AgeBand
from engage.questionnaires.kinds.area import AreaQuestion
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.date import DateQuestion
from engage.questionnaires.kinds.matrix import Grid
from engage.questionnaires.kinds.number import Number
from engage.questionnaires.kinds.one_choice import OneChoice
from engage.questionnaires.kinds.priorities_list import OTHER, PrioritiesList
from engage.questionnaires.kinds.scale import Scale
from engage.questionnaires.kinds.several_choices import SeveralChoices
from engage.responses.intake.matching import POSTCODES, Choices, Strange, place, ticked

Hand: TypeAlias = Mapping[str, str]
Fields: TypeAlias = Iterator[tuple[str, str]]
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/. ]\s*([A-Za-z]+\.?|\d{1,2})\s*[-/., ]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_POWER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,20})?[eE][+-]?\d{1,3}")
FARTHEST_POWER = 30
_PLACE_GIVEN = re.compile(r"(\d{1,2})(?:\.0+|st|nd|rd|th)?", re.IGNORECASE)


@dataclass(frozen=True)
class Part(ABC):
    """A part of an answer that has a column of its own. `key` is stable: the export's where it has one."""

    key: str
    question: Question
    heading: Text

    @property
    def choices(self) -> Mapping[str, Text]:
        """What a value that is not known may be said to stand for; nothing where anything may be written."""
        return {}

    @property
    def wants(self) -> Text:
        """How a value must be written that nobody can sort by hand; blank where there are choices."""
        return ""

    @abstractmethod
    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the fields that a cell fills, with a value each; raises `Strange` for what is not known."""


@dataclass(frozen=True)
class Words(Part):
    """A field of text."""

    field: str

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the text as it is."""
        yield self.field, cell


@dataclass(frozen=True)
class Figures(Words):
    """A field of figures: a spreadsheet may write them with a power of ten."""

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the number written out."""
        yield self.field, _written_out(cell) if _POWER.fullmatch(cell) else cell


@dataclass(frozen=True)
class Chosen(Part):
    """A column that names one of several answers."""

    field: str
    offered: Choices

    @property
    def choices(self) -> Mapping[str, Text]:
        return self.offered.labels

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the code."""
        if code := self.offered.find(cell, by_hand):
            yield self.field, code


@dataclass(frozen=True)
class AllChosen(Chosen):
    """A column that names any number of answers."""

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield each code."""
        for code in self.offered.find_all(cell, by_hand):
            yield self.field, code


@dataclass(frozen=True)
class Ticked(Part):
    """A column of one answer, which says whether it was chosen."""

    field: str
    code: str
    label: Text

    @property
    def choices(self) -> Mapping[str, Text]:
        return {self.code: lazy("Chosen")}

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the code where it was."""
        if ticked(cell, self.code, self.label, by_hand):
            yield self.field, self.code


@dataclass(frozen=True)
class Ranked(Part):
    """A column of one answer, which says at which place it was put."""

    field: str

    @property
    def wants(self) -> Text:
        return lazy("Write the place in figures, like 1.")

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the place."""
        found = _PLACE_GIVEN.fullmatch(cell)
        if found is None:
            raise Strange(cell)
        if found[1].strip("0"):
            yield self.field, str(int(found[1]))


@dataclass(frozen=True)
class Started(Chosen):
    """The column of our exports that says at which priority the list began."""

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield nothing to read: see `rotation`."""
        self.offered.find(cell, by_hand)
        return iter(())

    def rotation(self, cell: str, by_hand: Hand) -> int:
        """Return the rotation of the list; 0 where it is said to be unknown."""
        code = self.offered.find(cell, by_hand)
        return list(self.offered.labels).index(code) if code else 0


@dataclass(frozen=True)
class Placed(Chosen):
    """A column of places: by name, by code or as a whole postcode."""

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the code of the place."""
        if code := place(cell, self.offered, by_hand):
            yield self.field, code


@dataclass(frozen=True)
class Day(Part):
    """A column of days: 2027-10-01, or the day first, as in 1/10/2027 and 1 October 2027."""

    @property
    def wants(self) -> Text:
        return lazy("Write a day like 2027-10-01, or with the day first, like 1/10/2027.")

    def put(self, cell: str, by_hand: Hand) -> Fields:
        """Yield the three fields."""
        assert isinstance(self.question, DateQuestion)
        if found := _ISO.fullmatch(cell):
            year, month, day = found.groups()
        elif found := _DAY_FIRST.fullmatch(cell):
            day, month, year = found.groups()
        else:
            raise Strange(cell)
        for name, text in (("day", day), ("month", month), ("year", year)):
            yield self.question.field(name), text


def parts_of(definition: Definition) -> tuple[Part, ...]:
    """Return every part that a column can be: those of our own exports, in their order, then the rest."""
    exported: list[Part] = []
    others: list[Part] = []
    for question in definition.questions:
        for part in _parts(question):
            (exported if part.key in {column.key for column in question.columns()} else others).append(part)
    return (*exported, *others)


def _parts(question: Question) -> Iterator[Part]:
    headings = {column.key: column.heading for column in question.columns()}
    code = question.code
    if isinstance(question, PrioritiesList):
        yield from _priorities(question, headings)
    elif isinstance(question, SeveralChoices):
        for option in question.options:
            key = f"{code}-{option.code}"
            yield Ticked(key, question, headings[key], code, option.code, option.label)
        yield AllChosen(f"{code}--all", question, _all_of(question), code, Choices(question.marks))
    elif isinstance(question, Grid):
        offered = Choices({option.code: option.label for option in question.choices})
        for row in question.rows:
            key = question.field(row)
            yield Chosen(key, question, headings[key], key, offered)
    elif isinstance(question, OneChoice | AgeBand | Scale):
        yield Chosen(code, question, headings[code], code, Choices(question.marks))
    elif isinstance(question, AreaQuestion):
        yield Placed(code, question, headings[code], code, Choices(question.marks))
    elif isinstance(question, DateQuestion):
        yield Day(code, question, headings[code])
    else:
        kind = Figures if isinstance(question, Number) else Words
        for key, heading in headings.items():
            yield kind(key, question, heading, key)


def _priorities(question: PrioritiesList, headings: Mapping[str, Text]) -> Iterator[Part]:
    code = question.code
    marks = Choices(question.marks)
    for number, _name in question.places:
        key = f"{code}-{number}"
        yield Chosen(key, question, headings[key], code, marks)
    if question.other:
        yield Words(question.other_field, question, headings[question.other_field], question.other_field)
    began = Choices({option.code: option.label for option in question.options})
    yield Started(f"{code}-rotation", question, headings[f"{code}-rotation"], code, began)
    for mark, label in question.marks.items():
        heading = lazy("%(question)s (%(option)s)", question=question.label, option=label)
        if question.ordered:
            yield Ranked(f"{code}--rank-{mark}", question, heading, question.rank_field(mark))
        elif mark != OTHER:
            yield Ticked(f"{code}--option-{mark}", question, heading, code, mark, label)
    yield AllChosen(f"{code}--all", question, _all_of(question), code, marks)


def _written_out(cell: str) -> str:
    number = Decimal(cell)
    # Farther than that no question asks, and a text of a million noughts helps nobody.
    return format(number, "f") if abs(number.adjusted()) < FARTHEST_POWER else cell


def _all_of(question: Question) -> Text:
    return lazy("%(question)s: all in one column", question=question.label)


def known_by_hand(part: Part | None) -> Mapping[str, Text]:
    """Return what values are called that must not be kept, in a column of places (None: of the response)."""
    return POSTCODES if part is None or isinstance(part, Placed) else {}
