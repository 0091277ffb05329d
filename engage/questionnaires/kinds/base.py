"""What every kind of question knows: its fields, what it keeps of them, and how an answer reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Self, TypeAlias

from engage.foundations.language import Text, lazy

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


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """A question of a version; `code` is stable across versions, the rest is what was asked."""

    kind: ClassVar[str]

    code: str
    label: str
    hint: str = ""
    required: bool = True

    @abstractmethod
    def read(self, given: Given, rotation: int) -> Reading:
        """Return what to keep of the fields given, or what is wrong with them."""

    @abstractmethod
    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """Return the answer as its author reads it back."""

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
        if "options" in given:
            given["options"] = tuple(Option(**option) for option in given["options"])
        return cls(**given)


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
