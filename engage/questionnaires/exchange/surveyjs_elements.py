"""The elements of SurveyJS that ask or tell something, and what each becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange import asking
from engage.questionnaires.exchange.asking import Asked
from engage.questionnaires.exchange.building import Building, Choices, NoPlace, Shown

_LANGUAGES = ("en", "en-GB", "en-gb", "default")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# How it looks, which is ours to decide, and what is read for every element.
_LOOKS = frozenset(
    re.findall(
        r"\w+",
        """
        type name title description isRequired visibleIf visible startWithNewLine width
        minWidth maxWidth titleLocation descriptionLocation hideNumber indent rightIndent size
        placeholder placeHolder colCount autoGrow renderAs autocomplete allowResize rows cols
        errorLocation showNumber cellHideHeader commentPlaceholder itemSize
        acceptCarriageReturn textUpdateMode searchEnabled searchMode allowClear
        requiredErrorText rateType rateDisplayMode rateColorMode scaleColorMode displayMode
        longTap showCommentArea otherPlaceholder selectToRankEmptyRankedAreaText
        selectToRankEmptyUnrankedAreaText selectToRankAreasLayout
        useDisplayValuesInDynamicTexts
        """,
    )
)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a page: its place for the report, its name, its JSON, and when it is shown."""

    where: str
    name: str
    data: Mapping[str, Any]
    shown: tuple[Shown, ...]


Read: TypeAlias = Callable[[Building, Element, Asked], None]


def read_element(building: Building, element: Element, read: Read) -> None:
    """Ask what the element asks; raises `NoPlace` where that cannot be, `Broken` where it is no element."""
    title = words(element.data.get("title"), f"{element.where}.title")
    hint = words(element.data.get("description"), f"{element.where}.description")
    asked = Asked(
        element.where,
        element.name,
        building.text(title or element.name, element.where),
        building.text(hint, element.where),
        element.data.get("isRequired") is True,
        element.shown,
    )
    for name in sorted(element.data.keys() - _LOOKS - _KNOWN.get(read, frozenset())):
        building.leave(element.where, lazy("The setting “%(name)s”.", name=name[:60]))
    if element.data.get("showCommentArea") is True or element.data.get("hasComment") is True:
        building.leave(element.where, lazy("A box for a comment."))
    read(building, element, asked)


def words(value: Any, where: str) -> str:
    """Return a text that may be given in several languages: English, else the default, else the first."""
    if isinstance(value, dict):
        value = next((value[one] for one in _LANGUAGES if one in value), next(iter(value.values()), ""))
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise Broken(lazy("%(where)s is not a text.", where=where))
    return str(value)


def _text(building: Building, element: Element, asked: Asked) -> None:
    kind = element.data.get("inputType", "text")
    if kind in ("number", "range"):
        least, most = _number(element, "min"), _number(element, "max")
        step = element.data.get("step")
        whole = all(isinstance(one, int) for one in (least, most, step) if one is not None)
        limits = {"least": least, "most": most, "whole": whole and step is not None}
        asking.ask(building, asked, "number", counts=True, **limits)
    elif kind == "date":
        asking.ask(building, asked, "date", earliest=_day(element, "min"), latest=_day(element, "max"))
    else:
        if kind != "text":
            what = lazy("A box for “%(kind)s”.", kind=str(kind)[:60])
            building.leave(element.where, what, lazy("It is asked as a short text."))
        asking.ask(building, asked, "short_text", limit=_limit(element, 200))


def _comment(building: Building, element: Element, asked: Asked) -> None:
    asking.ask(building, asked, "long_text", limit=_limit(element, 10_000))


def _one(building: Building, element: Element, asked: Asked) -> None:
    choices = _choices(building, element, "choices")
    _none(building, element, choices)
    asking.ask_one(building, asked, choices, other=_other(building, element, choices))


def _several(building: Building, element: Element, asked: Asked) -> None:
    choices = _choices(building, element, "choices")
    other = _other(building, element, choices)
    counts = _answer_counts(element)
    asking.ask_several(
        building,
        asked,
        choices,
        other=other,
        none_of=_none(building, element, choices),
        at_least=_whole(element, "minSelectedChoices") or counts[0],
        at_most=_whole(element, "maxSelectedChoices") or counts[1],
    )


def _rating(building: Building, element: Element, asked: Asked) -> None:
    if element.data.get("rateValues"):
        asking.ask_one(building, asked, _choices(building, element, "rateValues"))
        return
    low, high = _whole(element, "rateMin"), _whole(element, "rateMax")
    low = 1 if low is None else low
    high = low + (_whole(element, "rateCount") or 5) - 1 if high is None else high
    if (_whole(element, "rateStep") or 1) != 1:
        raise NoPlace(lazy("A scale whose steps are not 1."))
    labels = {
        ours: building.text(words(element.data.get(theirs), f"{element.where}.{theirs}"), element.where)
        for ours, theirs in (("low_label", "minRateDescription"), ("high_label", "maxRateDescription"))
    }
    asking.ask_scale(building, asked, low, high, {name: text for name, text in labels.items() if text})


def _boolean(building: Building, element: Element, asked: Asked) -> None:
    pairs = []
    for value, label, usual in (("true", "labelTrue", "Yes"), ("false", "labelFalse", "No")):
        written = words(element.data.get(label), f"{element.where}.{label}") or str(lazy(usual))
        pairs.append((value, building.text(written, element.where)))
    choices = building.options(pairs, element.where)
    choices.options[0]["code"], choices.options[1]["code"] = "yes", "no"
    values = {
        str(element.data.get("valueTrue", "true")): "yes",
        str(element.data.get("valueFalse", "false")): "no",
    }
    asking.ask_one(building, asked, Choices(choices.options, {"true": "yes", "false": "no"} | values))


def _matrix(building: Building, element: Element, asked: Asked) -> None:
    if element.data.get("cellType", "radio") not in ("radio", "default"):
        raise NoPlace(lazy("A table whose cells are not one choice in a row."))
    rows, columns = _choices(building, element, "rows"), _choices(building, element, "columns")
    every = element.data.get("isAllRowRequired") is True or element.data.get("eachRowRequired") is True
    if asked.required and not every:
        building.leave(
            element.where, lazy("A table of which one row is enough."), lazy("Every row is asked for.")
        )
    asked = Asked(asked.where, asked.name, asked.label, asked.hint, asked.required or every, asked.shown)
    asking.ask_grid(building, asked, rows, columns, lambda row: f"{element.name}.{row}")


def _ranking(building: Building, element: Element, asked: Asked) -> None:
    choices = _choices(building, element, "choices")
    partly = element.data.get("selectToRankEnabled") is True
    most = _whole(element, "maxSelectedChoices") if partly else None
    asking.ask_ranking(building, asked, choices, at_most=most)


def _html(building: Building, element: Element, asked: Asked) -> None:
    written = words(element.data.get("html"), f"{element.where}.html")
    text = building.text(written, element.where)
    if not text:
        raise NoPlace(lazy("A block without words."))
    heading = asked.label if element.data.get("title") else ""
    label = f"{heading}\n{text}" if heading else text
    asking.inform(building, Asked(asked.where, asked.name, label, "", False, asked.shown))


def _multiple(building: Building, element: Element, asked: Asked) -> None:
    parts = list(_objects(element, "items"))
    what = lazy("A question with %(n)s boxes.", n=len(parts))
    building.leave(element.where, what, lazy("Each became a question of its own."))
    for item in parts:
        name = item.get("name")
        if not isinstance(name, str):
            raise Broken(lazy("%(where)s.items: an item has no name.", where=element.where))
        title = building.text(words(item.get("title"), f"{element.where}.items") or name, element.where)
        label = f"{asked.label}: {title}"
        required = asked.required or item.get("isRequired") is True
        part = Asked(asked.where, f"{element.name}.{name}", label, asked.hint, required, asked.shown)
        asking.ask(building, part, "short_text")


KINDS: Mapping[str, Read] = {
    "text": _text,
    "comment": _comment,
    "radiogroup": _one,
    "dropdown": _one,
    "checkbox": _several,
    "tagbox": _several,
    "rating": _rating,
    "boolean": _boolean,
    "matrix": _matrix,
    "ranking": _ranking,
    "html": _html,
    "multipletext": _multiple,
}

_CHOOSING = frozenset(
    re.findall(
        r"\w+",
        """
        choices hasOther showOtherItem otherText otherErrorText hasNone showNoneItem noneText
        separateSpecialChoices
        """,
    )
)
_KNOWN: Mapping[Read, frozenset[str]] = {
    _text: frozenset({"inputType", "maxLength", "min", "max", "step"}),
    _comment: frozenset({"maxLength"}),
    _one: _CHOOSING,
    _several: _CHOOSING | {"minSelectedChoices", "maxSelectedChoices", "validators"},
    _rating: frozenset(
        re.findall(
            r"\w+",
            """
        rateMin rateMax rateCount rateStep rateValues minRateDescription maxRateDescription
        """,
        )
    ),
    _boolean: frozenset({"labelTrue", "labelFalse", "valueTrue", "valueFalse"}),
    _matrix: frozenset(
        {"rows", "columns", "cellType", "isAllRowRequired", "eachRowRequired", "alternateRows"}
    ),
    _ranking: frozenset({"choices", "selectToRankEnabled", "maxSelectedChoices"}),
    _html: frozenset({"html"}),
    _multiple: frozenset({"items"}),
}


def _choices(building: Building, element: Element, name: str) -> Choices:
    found = element.data.get(name, [])
    if not isinstance(found, list):
        raise Broken(lazy("%(where)s is not a list.", where=f"{element.where}.{name}"))
    return building.options(_pairs(building, element, name, found), f"{element.where}.{name}")


def _pairs(building: Building, element: Element, name: str, found: list[Any]) -> Iterator[tuple[str, str]]:
    for place, entry in enumerate(found):
        where = f"{element.where}.{name}[{place}]"
        value, text = entry, None
        if isinstance(entry, dict):
            value, text = entry.get("value"), entry.get("text")
            for setting in sorted(entry.keys() - {"value", "text"}):
                building.leave(where, lazy("The setting “%(name)s”.", name=setting[:60]))
        if isinstance(value, bool):
            value = str(value).lower()
        if not isinstance(value, str | int | float):
            raise Broken(lazy("%(where)s has no value.", where=where))
        value = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        yield value, building.text(words(text, where) or value, where)


def _none(building: Building, element: Element, choices: Choices) -> str:
    if not (element.data.get("hasNone") is True or element.data.get("showNoneItem") is True):
        return ""
    label = words(element.data.get("noneText"), f"{element.where}.noneText") or str(lazy("None of these"))
    return choices.add("none", building.text(label, element.where))


def _other(building: Building, element: Element, choices: Choices) -> str:
    if not (element.data.get("hasOther") is True or element.data.get("showOtherItem") is True):
        return ""
    written = words(element.data.get("otherText"), f"{element.where}.otherText") or str(lazy("Other"))
    label = building.text(written, element.where)
    choices.add("other", label)
    return label


def _answer_counts(element: Element) -> tuple[int | None, int | None]:
    for validator in _objects(element, "validators"):
        if validator.get("type") == "answercount":
            counted = Element(f"{element.where}.validators", element.name, validator, ())
            return _whole(counted, "minCount"), _whole(counted, "maxCount")
    return None, None


def _objects(element: Element, name: str) -> Iterator[Mapping[str, Any]]:
    found = element.data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise Broken(lazy("%(where)s is not a list of objects.", where=f"{element.where}.{name}"))
    yield from found


def _limit(element: Element, most: int) -> int | None:
    limit = _whole(element, "maxLength")
    return min(limit, most) if limit and limit > 0 else None


def _whole(element: Element, name: str) -> int | None:
    number = _number(element, name)
    if number is None or number == int(number):
        return None if number is None else int(number)
    raise Broken(lazy("%(where)s is not a whole number.", where=f"{element.where}.{name}"))


def _number(element: Element, name: str) -> int | float | None:
    value = element.data.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise Broken(lazy("%(where)s is not a number.", where=f"{element.where}.{name}")) from error
    if not abs(number) < 1e15:
        raise Broken(lazy("%(where)s is not a number.", where=f"{element.where}.{name}"))
    return int(number) if number.is_integer() else number


def _day(element: Element, name: str) -> str | None:
    value = element.data.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value[:10]).isoformat() if _DAY.match(value) else None
    except (TypeError, ValueError) as error:
        raise Broken(lazy("%(where)s is not a date.", where=f"{element.where}.{name}")) from error
