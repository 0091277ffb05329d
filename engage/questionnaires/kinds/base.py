"""What every kind of question knows: its fields, what it keeps of them, and how an answer reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, Self, TypeAlias

from engage.foundations.language import Text, lazy
from engage.foundations.tables.limits import UNSEEN
from engage.questionnaires.conditions import Condition, ConditionError, Said, read_condition
from engage.questionnaires.kinds import written
from engage.questionnaires.kinds.written import LONGEST_LABEL as LONGEST_LABEL
from engage.questionnaires.kinds.written import MOST_OPTIONS as MOST_OPTIONS
from engage.questionnaires.kinds.written import OPTION_CODE as OPTION_CODE
from engage.questionnaires.kinds.written import Option as Option
from engage.questionnaires.kinds.written import Unfit

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


NOT_OFFERED = lazy("Choose from the list on this page.")


def refused(field: str, message: Text) -> Reading:
    """Return the reading of an answer with one thing wrong."""
    return Reading(problems=(Problem(field, message),))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer as its author reads it back."""

    label: Text
    text: Text


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

    @cached_property
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

    @abstractmethod
    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """Return what a browser would send for an answer; reading it gives the answer again."""

    @property
    def first_field(self) -> str:
        """The id of the field an error about the whole question leads to."""
        return self.code

    @property
    def rotations(self) -> int:
        """In how many orders the options may be shown (1: always the same)."""
        return 1

    def faults(self) -> Iterator[str]:
        """Yield each way in which its settings cannot stand together, beginning with a setting's name."""
        yield from ()

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the question that `data` describes; raises `DefinitionError` naming what is wrong."""
        if not isinstance(data, Mapping):
            raise DefinitionError("a question is not an object")
        known = {field.name: field for field in fields(cls)}
        given = {name: value for name, value in data.items() if name != "kind"}
        where = f"question {given['code'] if isinstance(given.get('code'), str) else '?'}"
        if unknown := sorted(map(str, given.keys() - known.keys())):
            raise DefinitionError(f"{where}: {', '.join(unknown)} is not known to kind {cls.kind}")
        needed = {name for name, field in known.items() if field.default is MISSING}
        if missing := sorted(needed - given.keys()):
            raise DefinitionError(f"{where}: {', '.join(missing)} is missing")
        question = cls(
            **{name: _read(where, name, str(known[name].type), value) for name, value in given.items()}
        )
        for fault in (*written.unusable_label(question.label), *question.faults()):
            raise DefinitionError(f"{where}: {fault}")
        return question

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, without what is as usual; `from_json` gives the same question again."""
        own = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        settings = {name: _plain(value) for name, (value, usual) in own.items() if value != usual}
        return {"code": self.code, "kind": self.kind} | settings


def _read(where: str, name: str, kind: str, value: Any) -> Any:
    """Return a setting's value as its annotation wants it."""
    wanted, _, optional = kind.partition(" | ")
    if value is None and optional == "None":
        return None
    try:
        return READERS[wanted](value)
    except ConditionError as error:
        raise DefinitionError(f"{where}: {error}") from error
    except Unfit as error:
        raise DefinitionError(f"{where}: {name} {error}") from error


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{name: part for name, part in asdict(option).items() if part} for option in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.to_json() if hasattr(value, "to_json") else value


READERS: Mapping[str, Callable[[Any], Any]] = {
    "str": written.text,
    "int": written.whole,
    "float": written.number,
    "bool": written.yes_no,
    "date": written.day,
    "tuple[Option, ...]": written.options,
    "Condition": read_condition,
}
"""What reads a setting from JSON, by the annotation of its attribute."""


def one(given: Given, field: str) -> str:
    """Return the value of a field, blank where it was not sent; line ends as one kind, ends trimmed."""
    values = given.get(field) or ("",)
    return values[0].replace("\r\n", "\n").replace("\r", "\n").translate(UNSEEN).strip()


def too_long(field: str, text: str, limit: int) -> tuple[Problem, ...]:
    """Return the problem of a text over `limit` characters, with both figures."""
    if len(text) <= limit:
        return ()
    counts = {"limit": f"{limit:,}", "typed": f"{len(text):,}"}
    message = lazy("Shorten this to %(limit)s characters or fewer. It has %(typed)s.", **counts)
    return (Problem(field, message),)
