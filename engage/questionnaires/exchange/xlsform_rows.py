"""The rows of an XLSForm that ask or tell something, and what each becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange import asking
from engage.questionnaires.exchange.asking import Asked
from engage.questionnaires.exchange.building import Building, Choices, NoPlace, Shown
from engage.questionnaires.exchange.expressions import (
    XLSFORM,
    Called,
    Compared,
    Joined,
    Name,
    Node,
    Unclear,
    Value,
    read_expression,
)
from engage.questionnaires.exchange.workbook import Row

Lists: TypeAlias = Mapping[str, list[tuple[str, str]]]

_READ = frozenset({"type", "name", "required", "relevant", "appearance", "constraint", "parameters"})
_WORDS = re.compile(r"(label|hint|constraint_message|constraint message|required_message|guidance_hint)\b")
_PARAMETER = re.compile(r"(\w+)\s*=\s*(-?\d+)")
_YES = frozenset({"yes", "true", "true()", "1"})
_SIGNS = {">=": ("least", 0), ">": ("least", 1), "<=": ("most", 0), "<": ("most", -1)}


@dataclass(frozen=True, slots=True)
class Item:
    """A row that asks: its place for the report, the row, what follows its type, the language, when shown."""

    where: str
    row: Row
    rest: str
    language: str
    shown: tuple[Shown, ...]


Read: TypeAlias = Callable[[Building, Item, Asked, Lists], None]


def words(row: Row, name: str, language: str) -> str:
    """Return a text of the row in `language`, else the plain column's, else the first there is."""
    if language:
        for colons in ("::", ":"):
            for heading, text in row.cells.items():
                if re.sub(r"\s*:\s*", ":", heading) == re.sub(r"\s*:\s*", ":", f"{name}{colons}{language}"):
                    return text
    if row[name]:
        return row[name]
    return next((text for heading, text in row.cells.items() if heading.startswith(f"{name}:")), "")


def ask_item(building: Building, item: Item, lists: Lists, read: Read) -> None:
    """Ask what the row asks; raises `NoPlace` where that cannot be, `Broken` where the row is wrong."""
    label = building.text(words(item.row, "label", item.language), item.where)
    hint = building.text(words(item.row, "hint", item.language), item.where)
    required = item.row["required"].lower() in _YES
    if item.row["required"].lower() not in _YES | {"", "no", "false", "false()", "0"}:
        what = lazy("A condition on when an answer is required.")
        building.leave(item.where, what, lazy("No answer is required."))
    asked = Asked(item.where, item.row["name"], label or item.row["name"], hint, required, item.shown)
    for heading in item.row.cells:
        if heading not in _READ and not _WORDS.match(heading):
            building.leave(item.where, lazy("The column “%(heading)s”.", heading=heading[:60]))
    read(building, item, asked, lists)


def _one(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    choices, other = _choices(building, item, lists)
    asking.ask_one(building, asked, choices, other=other)
    _unread_constraint(building, item)


def _several(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    choices, other = _choices(building, item, lists)
    limits = _limits(building, item, count=True)
    asking.ask_several(
        building, asked, choices, other=other, at_least=limits.get("least"), at_most=limits.get("most")
    )


def _rank(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    choices, _other = _choices(building, item, lists)
    asking.ask_ranking(building, asked, choices)
    _unread_constraint(building, item)


def _text(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    long = "multiline" in item.row["appearance"].lower()
    asking.ask(building, asked, "long_text" if long else "short_text")
    _unread_constraint(building, item)


def _integer(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    asking.ask(building, asked, "number", counts=True, whole=True, **_limits(building, item, count=False))


def _decimal(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    limits = _limits(building, item, count=False, whole=False)
    asking.ask(building, asked, "number", counts=True, whole=False, **limits)


def _date(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    asking.ask(building, asked, "date")
    _unread_constraint(building, item)


def _moment(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    what = lazy("A question for a time.")
    building.leave(item.where, what, lazy("It is asked as a short text."))
    asking.ask(building, asked, "short_text")


def _range(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    given = {name: int(number[:12]) for name, number in _PARAMETER.findall(item.row["parameters"])}
    if given.get("step", 1) != 1:
        raise NoPlace(lazy("A scale whose steps are not 1."))
    asking.ask_scale(building, asked, given.get("start", 1), given.get("end", 10))


def _note(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    asking.inform(building, asked)


def _acknowledge(building: Building, item: Item, asked: Asked, lists: Lists) -> None:
    choices = building.options([("OK", str(lazy("I agree")))], item.where)
    asking.ask_several(building, asked, choices)


KINDS: Mapping[str, Read] = {
    "select_one": _one,
    "select_multiple": _several,
    "rank": _rank,
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "time": _moment,
    "datetime": _moment,
    "range": _range,
    "note": _note,
    "acknowledge": _acknowledge,
    "trigger": _acknowledge,
}


def _choices(building: Building, item: Item, lists: Lists) -> tuple[Choices, str]:
    """Return the options of the list that the type names, and the label of "other" where it is offered."""
    name, _, extra = item.rest.partition(" ")
    if not name:
        raise Broken(lazy("%(where)s names no list of choices.", where=item.where))
    if name not in lists:
        raise Broken(lazy("%(where)s: there is no list “%(name)s”.", where=item.where, name=name[:60]))
    choices = building.options(lists[name], item.where)
    if "or_other" not in extra and "or_other" not in item.row["appearance"]:
        return choices, ""
    label = str(lazy("Other"))
    choices.add("other", label)
    return choices, label


def _unread_constraint(building: Building, item: Item) -> None:
    if item.row["constraint"]:
        what = lazy("The constraint “%(written)s”.", written=item.row["constraint"][:100])
        building.leave(item.where, what)


def _limits(building: Building, item: Item, *, count: bool, whole: bool = True) -> dict[str, int]:
    """Return `least` and `most` of a constraint like ". >= 0 and . <= 9"; `count`: of how many are chosen."""
    if not item.row["constraint"]:
        return {}
    try:
        tree = read_expression(item.row["constraint"], XLSFORM)
        return dict(_limit(part, count, whole) for part in _parts(tree))
    except Unclear:
        _unread_constraint(building, item)
        return {}


def _parts(tree: Node) -> Iterator[Node]:
    if isinstance(tree, Joined) and tree.every:
        for part in tree.parts:
            yield from _parts(part)
    else:
        yield tree


def _limit(part: Node, count: bool, whole: bool) -> tuple[str, int]:
    wanted: Node = Called("count-selected", (Name("."),)) if count else Name(".")
    match part:
        case Compared(sign, left, Value(float() as number)) if left == wanted and sign in _SIGNS:
            name, step = _SIGNS[sign]
            if number.is_integer() and (whole or not step):
                return name, int(number) + step
    raise Unclear(lazy("This is no limit on a number."))
