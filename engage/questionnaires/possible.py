"""Which answers a question allows, as far as conditions can tell them apart.

A kind that chooses, counts or measures has its room here; every other kind is answered or left blank.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from engage.questionnaires.conditions import Compare, Has, Leaf, Said
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.organisation import MOST_PEOPLE
from engage.questionnaires.kinds.written import LARGEST_NUMBER

Wanted: TypeAlias = Mapping[Leaf, bool]
"""What conditions ask of one question, and whether each should hold."""

# A whole postcode in London answers with its borough, whatever places the list offers.
LONDON = tuple(f"E{9_000_000 + place:08}" for place in range(1, 34))


@dataclass(frozen=True, slots=True)
class OneOf:
    """An answer is one of these."""

    sayings: tuple[Said, ...]

    def fill(self, wanted: Wanted) -> Iterator[Said]:
        """Yield answers, among them one that is as wanted if any is."""
        yield from self.sayings


@dataclass(frozen=True, slots=True)
class SomeOf:
    """An answer is `least` to `most` of the marks, or the one that stands alone."""

    marks: tuple[str, ...]
    least: int
    most: int
    alone: str = ""

    def fill(self, wanted: Wanted) -> Iterator[Said]:
        """Yield answers, among them one that is as wanted if any is."""
        yield from _some_of(self, *_marks(wanted))
        if self.alone:
            yield Said(frozenset({self.alone}))


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer has one mark of each row, or of at least one where not every row is needed."""

    rows: tuple[tuple[str, ...], ...]
    every: bool

    def fill(self, wanted: Wanted) -> Iterator[Said]:
        """Yield answers, among them one that is as wanted if any is."""
        sought, barred = _marks(wanted)
        chosen = []
        for row in self.rows:
            found = next((mark for mark in row if mark in sought), None)
            chosen.append(found or next((mark for mark in row if mark not in barred), None))
        if all(chosen) if self.every else any(chosen):
            yield Said(frozenset(mark for mark in chosen if mark))


@dataclass(frozen=True, slots=True)
class Amounts:
    """An answer is a number from `least` to `most`; `untold`: or an answer that names none."""

    least: float
    most: float
    whole: bool
    untold: bool = False

    def fill(self, wanted: Wanted) -> Iterator[Said]:
        """Yield answers, among them one that is as wanted if any is."""
        if self.untold:
            yield Said(frozenset())
        for amount in (*_telling(wanted), self.least, self.most):
            for near in (math.floor(amount), math.ceil(amount)) if self.whole else (amount,):
                if self.least <= near <= self.most:
                    yield Said(frozenset(), near)


Room: TypeAlias = OneOf | SomeOf | Rows | Amounts
_WORDS = OneOf((Said(frozenset()),))


def possible(question: Question, wanted: Wanted) -> bool:
    """Tell whether an answer that `question` accepts, or leaving it blank, is as wanted."""
    if not question.asks:
        return all(not hold for hold in wanted.values())
    if not question.required and _is(None, wanted):
        return True
    return any(_is(said, wanted) for said in room(question).fill(wanted))


def counts(question: Question) -> bool:
    """Tell whether an answer to `question` may be a number to compare with."""
    within = room(question)
    return isinstance(within, Amounts) or (
        isinstance(within, OneOf) and any(said.amount is not None for said in within.sayings)
    )


def room(question: Question) -> Room:
    """Return what an answer to `question` may be, once it is answered."""
    return ROOMS[question.kind](question) if question.kind in ROOMS else _WORDS


def _is(said: Said | None, wanted: Wanted) -> bool:
    return all(leaf.holds(lambda _code: said) is hold for leaf, hold in wanted.items())


def _marks(wanted: Wanted) -> tuple[set[str], set[str]]:
    sought = {leaf.mark for leaf, hold in wanted.items() if isinstance(leaf, Has) and hold}
    barred = {leaf.mark for leaf, hold in wanted.items() if isinstance(leaf, Has) and not hold}
    return sought, barred


def _some_of(room: SomeOf, sought: set[str], barred: set[str]) -> Iterator[Said]:
    free = [mark for mark in room.marks if mark != room.alone and mark not in barred | sought]
    chosen = [mark for mark in room.marks if mark != room.alone and mark in sought]
    chosen += free[: max(room.least, 1) - len(chosen)] if len(chosen) < max(room.least, 1) else []
    if max(room.least, 1) <= len(chosen) <= room.most:
        yield Said(frozenset(chosen))


def _telling(wanted: Wanted) -> list[float]:
    """Return amounts of which one lies in every stretch that the comparisons part."""
    limits = sorted(
        {
            limit
            for leaf in wanted
            if isinstance(leaf, Compare)
            for limit in (leaf.at_least, leaf.at_most)
            if limit is not None
        }
    )
    if not limits:
        return [0]
    between = [(low + high) / 2 for low, high in pairwise(limits)]
    return [limits[0] - 1, *limits, *between, limits[-1] + 1]


def _options(question: Any) -> OneOf:
    return OneOf(tuple(Said(frozenset({code})) for code in question.marks))


def _area(question: Any) -> OneOf:
    return OneOf(tuple(Said(frozenset({code})) for code in dict.fromkeys((*question.marks, *LONDON))))


def _points(question: Any) -> OneOf:
    return OneOf(tuple(Said(frozenset({code}), float(code)) for code in question.marks))


def _several(question: Any) -> SomeOf:
    most = question.at_most or len(question.marks)
    return SomeOf(tuple(question.marks), question.at_least or 1, most, question.none_of or "")


def _priorities(question: Any) -> SomeOf:
    least = question.at_most if getattr(question, "exactly", False) else 1
    return SomeOf(tuple(question.marks), least, question.at_most)


def _rows(question: Any) -> Rows:
    rows: dict[str, list[str]] = {}
    for mark in question.marks:
        rows.setdefault(mark.partition(":")[0], []).append(mark)
    return Rows(tuple(map(tuple, rows.values())), question.required)


def _number(question: Any) -> Amounts:
    least = -LARGEST_NUMBER if question.least is None else question.least
    return Amounts(least, LARGEST_NUMBER if question.most is None else question.most, question.whole)


def _organisation(question: Any) -> Amounts:
    return Amounts(1, MOST_PEOPLE, whole=True, untold=True)


ROOMS: dict[str, Callable[[Any], Room]] = {
    "one_choice": _options,
    "age_band": _options,
    "area": _area,
    "scale": _points,
    "several_choices": _several,
    "priorities_list": _priorities,
    "matrix": _rows,
    "statements": _rows,
    "number": _number,
    "organisation": _organisation,
}
