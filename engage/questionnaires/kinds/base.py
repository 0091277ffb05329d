"""What every kind of question knows: its fields, what it keeps of them, and how an answer reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Self, TypeAlias

from engage.foundations.language import Text, lazy
from engage.questionnaires.conditions import Condition, ConditionError, Said, read_condition

Given: TypeAlias = Mapping[str, Sequence[str]]
"""What a browser sent, field by field; nothing in it is trusted."""

Answer: TypeAlias = dict[str, Any]


class DefinitionError(ValueError):
    """A stored or written definition does not describe a questionnaire. The message says where."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence for the person, and the id of the field it belongs to."""

    field: str
    message: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question made of the fields given: an answer to keep (None: left blank) or problems."""

    answer: Answer | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer as its author reads it back."""

    label: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, with its stable code."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: its stable key, and the heading a person reads."""

    key: str
    heading: Text


class Shape(StrEnum):
    """How a setting of a kind is written by an officer."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    OPTIONS = "options"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing an officer decides about a question of a kind, beside its words and whether it is required.

    `name` is the name in JSON; `choices` (value, label) belong to `Shape.CHOICE`.
    """

    name: str
    shape: Shape
    label: Text
    hint: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """A question of a version; `code` is stable across versions, the rest is what was asked.

    `shown_if`: shown only where this holds of answers on earlier pages; None: always.
    """

    kind: ClassVar[str]
    # What officers choose it by, and what is decided about it.
    name: ClassVar[Text]
    what: ClassVar[Text]
    settings: ClassVar[tuple[Setting, ...]] = ()
    # A block of facts asks nothing.
    asks: ClassVar[bool] = True

    code: str
    label: str
    hint: str = ""
    required: bool = True
    shown_if: Condition | None = None

    @abstractmethod
    def read(self, given: Given, rotation: int) -> Reading:
        """Return what to keep of the fields given, or what is wrong with them."""

    @abstractmethod
    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """Return the answer as its author reads it back."""

    @property
    def marks(self) -> Mapping[str, Text]:
        """Every code an answer may choose, with its label, in order: for tallies and conditions."""
        return {}

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """Return the marks that an answer chose."""
        return ()

    def amount(self, answer: Answer) -> float | None:
        """Return the number that an answer is, None where it is not one."""
        return None

    def said(self, answer: Answer) -> Said:
        """Return what conditions may ask of an answer."""
        return Said(frozenset(self.chosen(answer)), self.amount(answer))

    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """Return the columns it has in an export; none where it asks nothing."""

    @abstractmethod
    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """Return what an answer puts in its columns, by their keys; what is absent stays blank."""

    @property
    def first_field(self) -> str:
        """The id of the field an error about the whole question leads to."""
        return self.code

    @property
    def rotations(self) -> int:
        """In how many orders the options may be shown (1: always the same)."""
        return 1

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the question that `data` describes; raises `DefinitionError` naming what is wrong."""
        known = {field.name: field for field in fields(cls)}
        given = {name: value for name, value in data.items() if name != "kind"}
        code = data.get("code", "?")
        if unknown := sorted(given.keys() - known.keys()):
            raise DefinitionError(f"question {code}: {', '.join(unknown)} is not known to kind {cls.kind}")
        needed = {
            name
            for name, field in known.items()
            if field.default is MISSING and field.default_factory is MISSING
        }
        if missing := sorted(needed - given.keys()):
            raise DefinitionError(f"question {code}: {', '.join(missing)} is missing")
        if given.get("shown_if") is not None:
            given["shown_if"] = _condition(code, given["shown_if"])
        for name in ("options", "rows"):
            if name in given:
                given[name] = tuple(Option(**option) for option in given[name])
        return cls(**given)


def _condition(code: str, data: Any) -> Condition:
    try:
        return read_condition(data)
    except ConditionError as error:
        raise DefinitionError(f"question {code}: {error}") from error


def one(given: Given, field: str) -> str:
    """Return the value of a field, blank where it was not sent; line ends as one kind, ends trimmed."""
    values = given.get(field) or ("",)
    return values[0].replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def too_long(field: str, text: str, limit: int) -> tuple[Problem, ...]:
    """Return the problem of a text over `limit` characters, with both figures."""
    if len(text) <= limit:
        return ()
    counts = {"limit": f"{limit:,}", "typed": f"{len(text):,}"}
    message = lazy("Shorten this to %(limit)s characters or fewer. It has %(typed)s.", **counts)
    return (Problem(field, message),)
