"""Which column is which part of an answer: guessed from the headings, decided by an officer. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Definition
from engage.questionnaires.kinds.area import AreaQuestion
from engage.responses.intake.detecting import Heading
from engage.responses.intake.matching import plain
from engage.responses.intake.parts import Part, parts_of

LEFT_OUT = ""
# No question's code begins like these.
AREA, GROUP, INSTRUMENT = "_area", "_group", "_instrument"
ROLES: Mapping[str, Text] = {
    AREA: lazy("Borough, where no question asks for it"),
    GROUP: lazy("Group that the response came through"),
    INSTRUMENT: lazy("Which questionnaire it answers: rows of another are left out"),
}
# The columns that our exports begin with, by their headings.
_OURS = (
    ("Questionnaire", INSTRUMENT),
    ("Version", LEFT_OUT),
    ("How it came", LEFT_OUT),
    ("Borough", AREA),
    ("Group whose link was used", GROUP),
)
# A heading of these words alone is of a place, or of a group.
_AREA_WORDS = frozenset(
    ("borough", "postcode", "post", "code", "area", "london", "home", "your", "full", "or", "of")
)
_GROUP_WORDS = frozenset(("group", "cpeg", "code", "name"))
_ALIKE = 0.6
_WORD = re.compile(r"\w+")

Known: TypeAlias = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Decided:
    """What an officer decided: the part of each column, by its place from 0, and the values sorted by hand.

    `by_hand`: column -> value -> code, blank where the value counts as no answer.
    """

    columns: Mapping[int, str] = field(default_factory=dict)
    by_hand: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def hand(self, column: int) -> Mapping[str, str]:
        """Return what was decided about the values of a column."""
        return self.by_hand.get(column, {})

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, whose keys are texts."""
        return {
            "columns": {str(column): key for column, key in self.columns.items()},
            "by_hand": {str(column): dict(values) for column, values in self.by_hand.items()},
        }


def mapping_from(data: Mapping[str, Any]) -> Decided:
    """Return the mapping that `to_json` gave."""
    return Decided(
        {int(column): key for column, key in data["columns"].items()},
        {int(column): values for column, values in data["by_hand"].items()},
    )


def known_parts(definition: Definition) -> Known:
    """Return the parts that a column can be, by their keys."""
    return {part.key: part for part in parts_of(definition)}


def guessed(headings: Sequence[Heading], definition: Definition) -> dict[int, str]:
    """Return what each column looks to be, by its place; those that look like nothing are absent.

    Headings as our exports write them come first, those that stand twice in their order; then codes, then
    headings in other capitals, at last those that share most of their words.
    """
    parts = parts_of(definition)
    found: dict[int, str] = {}
    _same(found, headings, [*_OURS, *((str(part.heading), part.key) for part in parts)], _bare)
    _same(found, headings, [(part.key, part.key) for part in parts], plain)
    _same(found, headings, [(str(part.heading), part.key) for part in parts], plain)
    _alike(found, headings, parts)
    _places(found, headings, definition)
    return {column: key for column, key in found.items() if key}


def _bare(text: str) -> str:
    return " ".join(text.split())


def _same(
    found: dict[int, str],
    headings: Sequence[Heading],
    named: Sequence[tuple[str, str]],
    reading: Callable[[str], str],
) -> None:
    waiting: dict[str, list[str]] = {}
    for name, key in named:
        if not key or key not in found.values():
            waiting.setdefault(reading(name), []).append(key)
    for column, heading in enumerate(headings):
        if column not in found and (keys := waiting.get(reading(heading.whole))):
            found[column] = keys.pop(0)


def _alike(found: dict[int, str], headings: Sequence[Heading], parts: Sequence[Part]) -> None:
    """Give the columns that are left to the parts that are left, those most alike first."""
    taken = set(found.values())
    words = {part.key: _words(str(part.heading)) for part in parts if part.key not in taken}
    pairs = sorted(
        (-likeness, column, place, key)
        for column, heading in enumerate(headings)
        if column not in found and (said := _words(heading.whole))
        for place, (key, wanted) in enumerate(words.items())
        if (likeness := _likeness(said, wanted)) >= _ALIKE
    )
    for _unlikeness, column, _place, key in pairs:
        if column not in found and key not in taken:
            found[column] = key
            taken.add(key)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words in common; other figures are another part, however alike the words."""
    if {word for word in one if word.isdigit()} != {word for word in other if word.isdigit()}:
        return 0
    return 2 * len(one & other) / (len(one) + len(other)) if other else 0


def _places(found: dict[int, str], headings: Sequence[Heading], definition: Definition) -> None:
    """Find columns that say borough, postcode or group and hardly anything else."""
    asked = [question.code for question in definition.questions if isinstance(question, AreaQuestion)]
    for column, heading in enumerate(headings):
        if column in found:
            continue
        words = _words(heading.whole)
        keys = []
        if words <= _AREA_WORDS and words & {"borough", "postcode", "post", "area"}:
            keys = [*asked, AREA]
        elif words <= _GROUP_WORDS and words & {"group", "cpeg"}:
            keys = [GROUP]
        if free := [key for key in keys if key not in found.values()]:
            found[column] = free[0]


def checked(columns: Mapping[int, str], parts: Known) -> dict[int, str]:
    """Return the columns that are not left out; raises `Refused` where they cannot be meant so."""
    kept = {column: key for column, key in columns.items() if key}
    if any(key not in parts and key not in ROLES for key in kept.values()):
        raise Refused(lazy("Choose from the lists on this page."))
    for column, key in kept.items():
        before = [other for other in kept if other < column and kept[other] == key]
        if before:
            raise _twice(before[0], column)
    if not any(key in parts for key in kept.values()):
        raise Refused(lazy("Say of at least one column which question it answers."))
    return kept


def _twice(first: int, second: int) -> Refused:
    sentence = lazy(
        "Columns %(first)s and %(second)s are both said to be the same. Leave one of them out.",
        first=letters(first),
        second=letters(second),
    )
    return Refused(sentence, f"column-{second}")


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column: A, B ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def grouped(parts: Known) -> Iterator[tuple[str, list[tuple[str, Text]]]]:
    """Yield each question's label with its parts, and last what is not an answer, to choose from."""
    questions: dict[str, tuple[str, list[tuple[str, Text]]]] = {}
    for part in parts.values():
        _label, listed = questions.setdefault(part.question.code, (part.question.label, []))
        listed.append((part.key, part.heading))
    yield from questions.values()
    yield str(lazy("About the response")), list(ROLES.items())
