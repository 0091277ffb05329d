"""When a page or question is shown: conditions on earlier answers, as structured data that nothing evaluates.

As JSON: {"all": [...]}, {"any": [...]}, {"not": ...}, {"question": code, "has": mark},
{"question": code, "answered": true} and {"question": code, "at_least": number} (or "at_most").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

MOST_NESTED = 6
MOST_PARTS = 50


class ConditionError(ValueError):
    """A condition as written says nothing that can be followed. The message says why."""


@dataclass(frozen=True, slots=True)
class Said:
    """What conditions may ask of an answer: its marks (the codes chosen), and its amount if it has one."""

    marks: frozenset[str]
    amount: float | None = None


Sayings: TypeAlias = Callable[[str], Said | None]
"""What was said to the question with a code; None where it was left blank or not shown."""


@dataclass(frozen=True, slots=True)
class Has:
    """The answer chose this mark."""

    question: str
    mark: str

    def holds(self, said: Sayings) -> bool:
        """Tell whether it is so."""
        found = said(self.question)
        return found is not None and self.mark in found.marks

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"question": self.question, "has": self.mark}


@dataclass(frozen=True, slots=True)
class Answered:
    """The question was answered, whatever was said."""

    question: str

    def holds(self, said: Sayings) -> bool:
        """Tell whether it is so."""
        return said(self.question) is not None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"question": self.question, "answered": True}


@dataclass(frozen=True, slots=True)
class Compare:
    """The answer is a number from `at_least` to `at_most`, each where it is given."""

    question: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, said: Sayings) -> bool:
        """Tell whether it is so."""
        found = said(self.question)
        if found is None or found.amount is None:
            return False
        above = self.at_least is None or found.amount >= self.at_least
        return above and (self.at_most is None or found.amount <= self.at_most)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        limits = {"at_least": self.at_least, "at_most": self.at_most}
        return {"question": self.question} | {
            name: limit for name, limit in limits.items() if limit is not None
        }


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, said: Sayings) -> bool:
        """Tell whether it is so."""
        return all(part.holds(said) for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"all": [part.to_json() for part in self.parts]}


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, said: Sayings) -> bool:
        """Tell whether it is so."""
        return any(part.holds(said) for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"any": [part.to_json() for part in self.parts]}


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition

    def holds(self, said: Sayings) -> bool:
        """Tell whether it is so."""
        return not self.part.holds(said)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"not": self.part.to_json()}


Leaf: TypeAlias = Has | Answered | Compare
Condition: TypeAlias = Leaf | AllOf | AnyOf | Not


def read_condition(data: Any, depth: int = 1) -> Condition:
    """Return the condition that JSON `data` describes; raises `ConditionError`."""
    if not isinstance(data, Mapping):
        raise ConditionError("a condition is an object")
    if depth > MOST_NESTED:
        raise ConditionError(f"a condition is nested deeper than {MOST_NESTED}")
    if data.keys() == {"all"} or data.keys() == {"any"}:
        (name,) = data
        return (AllOf if name == "all" else AnyOf)(_parts(data[name], depth))
    if data.keys() == {"not"}:
        return Not(read_condition(data["not"], depth + 1))
    return _leaf(data)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield every question asked of, from left to right."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def _parts(data: Any, depth: int) -> tuple[Condition, ...]:
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_PARTS:
        raise ConditionError(f"“all” and “any” list 1 to {MOST_PARTS} conditions")
    return tuple(read_condition(part, depth + 1) for part in data)


def _leaf(data: Mapping[str, Any]) -> Leaf:
    question, asked = data.get("question"), data.keys() - {"question"}
    if not isinstance(question, str) or not question:
        raise ConditionError("a condition names a question")
    if asked == {"has"} and isinstance(data["has"], str):
        return Has(question, data["has"])
    if asked == {"answered"} and data["answered"] is True:
        return Answered(question)
    limits = {name: data[name] for name in asked & {"at_least", "at_most"}}
    if limits and asked == limits.keys() and all(_is_number(limit) for limit in limits.values()):
        return Compare(question, **limits)
    raise ConditionError(f"the condition on “{question}” says none of: has, answered, at_least, at_most")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
