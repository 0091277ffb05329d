"""From the tree of a foreign condition to one of ours, where it says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engage.foundations.language import lazy
from engage.questionnaires.conditions import ConditionError, read_condition
from engage.questionnaires.exchange.expressions import (
    Called,
    Compared,
    Joined,
    Name,
    Negated,
    Node,
    Unclear,
    Value,
    Values,
)

MOST_MARKS = 50
_YES = frozenset({"y", "1", "true"})
_NO = frozenset({"", "n", "0", "false"})
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}

Condition: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """What a name in a condition stands for.

    `marks`: what the file calls an answer, and our mark for it. `many`: several may be chosen. `counts`:
    the answer is a number. `only`: the name stands for this one mark, chosen or not. `part`: for a row of a
    matrix.
    """

    question: str
    marks: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    counts: bool = False
    only: str | None = None
    part: bool = False


Find: TypeAlias = Callable[[str], Target | None]


def to_condition(node: Node, find: Find) -> Condition | None:
    """Return our condition for `node`; None where it always holds. Raises `Unclear` with the reason."""
    if isinstance(node, Value) and key(node) in _YES:
        return None
    condition = _condition(node, find)
    try:
        read_condition(condition)
    except ConditionError as error:
        raise Unclear(lazy("The condition is too large.")) from error
    return condition


def key(value: Value) -> str:
    """Return a value as answers are called in files: whole numbers without a point, yes/no as words."""
    if isinstance(value.value, bool):
        return str(value.value).lower()
    if isinstance(value.value, float):
        return str(int(value.value)) if value.value.is_integer() else repr(value.value)
    return value.value


def opposite(condition: Condition) -> Condition:
    """Return what holds where `condition` does not."""
    inner: Condition = condition["not"] if condition.keys() == {"not"} else {"not": condition}
    return inner


def _condition(node: Node, find: Find) -> Condition:
    match node:
        case Joined(every, parts):
            return {"all" if every else "any": [_condition(part, find) for part in parts]}
        case Negated(part):
            return opposite(_condition(part, find))
        case Compared(how, left, right):
            return _compared(how, left, right, find)
        case Called(function, arguments):
            return _called(function, arguments, find)
        case Name(name):
            return _answered(_target(name, find))
    raise Unclear(lazy("It compares nothing with an answer."))


def _compared(how: str, left: Node, right: Node, find: Find) -> Condition:
    if isinstance(right, Name) and isinstance(left, Value):
        left, right, how = right, left, _TURNED.get(how, how)
    if isinstance(left, Value) and isinstance(right, Values):
        raise Unclear(lazy("It compares nothing with an answer."))
    if not isinstance(left, Name):
        raise Unclear(lazy("It computes something before it compares."))
    target = _target(left.name, find)
    values = _values(right)
    if how == "anyof" or (how == "contains" and len(values) > 1):
        parts = [_has(target, value) for value in values]
        return parts[0] if len(parts) == 1 else {"any" if how == "anyof" else "all": parts}
    if how == "allof":
        return {"all": [_has(target, value) for value in values]}
    if len(values) != 1:
        raise Unclear(lazy("It compares an answer with a whole list."))
    return _single(how, target, values[0])


def _single(how: str, target: Target, value: Value) -> Condition:
    match how:
        case "contains":
            return _has(target, value)
        case "notcontains":
            return {"not": _has(target, value)}
        case "=":
            return _equals(target, value)
        case "!=":
            return opposite(_equals(target, value))
    return _ordered(how, target, value)


def _equals(target: Target, value: Value) -> Condition:
    if target.only is not None:
        if key(value).lower() not in _YES | _NO:
            raise Unclear(lazy("It compares a ticked answer with “%(value)s”.", value=key(value)))
        ticked = {"question": target.question, "has": target.only}
        return ticked if key(value).lower() in _YES else {"not": ticked}
    if key(value) == "":
        return {"not": _answered(target)}
    if target.counts:
        number = _number(value)
        return {"question": target.question, "at_least": number, "at_most": number}
    if target.many and len(target.marks) > 1:
        raise Unclear(lazy("It asks whether one answer and no other was ticked."))
    return _has(target, value)


def _ordered(how: str, target: Target, value: Value) -> Condition:
    if not target.counts:
        raise Unclear(lazy("It asks for more or less of an answer that is not a number."))
    number = _number(value)
    if how == ">=":
        return {"question": target.question, "at_least": number}
    if how == "<=":
        return {"question": target.question, "at_most": number}
    other = "at_most" if how == ">" else "at_least"
    return {"all": [_answered(target), {"not": {"question": target.question, other: number}}]}


def _has(target: Target, value: Value) -> Condition:
    mark = target.marks.get(key(value))
    if mark is None:
        raise Unclear(
            lazy(
                "“%(value)s” is no answer that can be chosen in “%(question)s”.",
                value=key(value)[:80],
                question=target.question,
            )
        )
    return {"question": target.question, "has": mark}


def _answered(target: Target) -> Condition:
    if target.only is not None:
        return {"question": target.question, "has": target.only}
    if not target.part:
        return {"question": target.question, "answered": True}
    if len(target.marks) > MOST_MARKS:
        raise Unclear(lazy("The condition is too large."))
    return {"any": [{"question": target.question, "has": mark} for mark in target.marks.values()]}


def _called(function: str, arguments: tuple[Node, ...], find: Find) -> Condition:
    match function, arguments:
        case "not", (part,):
            return opposite(_condition(part, find))
        case "selected", (Name(name), Value() as value):
            return _has(_target(name, find), value)
        case (("empty" | "is_empty"), (Name(name),)):
            return {"not": _answered(_target(name, find))}
        case "notempty", (Name(name),):
            return _answered(_target(name, find))
    raise Unclear(lazy("The function “%(function)s” has no counterpart.", function=function))


def _target(name: str, find: Find) -> Target:
    target = find(name)
    if target is None:
        raise Unclear(lazy("“%(name)s” is not a question that was carried over.", name=name))
    return target


def _values(node: Node) -> list[Value]:
    parts = node.values if isinstance(node, Values) else (node,)
    if not parts or not all(isinstance(part, Value) for part in parts):
        raise Unclear(lazy("It compares one answer with another."))
    return [part for part in parts if isinstance(part, Value)]


def _number(value: Value) -> float:
    try:
        number = float(value.value)
    except ValueError as error:
        raise Unclear(lazy("“%(value)s” is not a number.", value=key(value)[:80])) from error
    if not abs(number) <= 1e15:
        raise Unclear(lazy("“%(value)s” is not a number.", value=key(value)[:80]))
    return int(number) if number.is_integer() else number
