"""Somebody who has every page of a result tries to work out what a few people said.

They know the rule, the figures of all London, every borough's part, what each area that has no page of its
own is withheld beside, and that nobody names more than three priorities. They try every world that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.analysis.disclosure import Cell
from engage.analysis.results import Value
from engage.analysis.tallies import Breakdown, Dimension, Summary
from engage.feedback import places
from engage.plan_export import figures
from engage.plan_export.models import Decision
from engage.plan_export.rules import Subject

SMALL = 3  # A low threshold keeps what must be tried within reach.
MOST = figures.MOST_NAMED
CODES, AREAS = 4, 3
EVERY_PICK = [pick for size in range(MOST + 1) for pick in combinations(range(CODES), size)]
Lines = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Answers:
    """How many answered in each area, and how many of them named each priority: a line a priority."""

    bases: tuple[int, ...]
    counts: Lines

    @property
    def everybody(self) -> int:
        return sum(self.bases)

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(map(sum, self.counts))


@dataclass(frozen=True)
class Public:
    """All that is told of such answers."""

    totals: tuple[Cell, ...]
    bases: tuple[Cell, ...]
    cells: tuple[tuple[Cell, ...], ...]


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    """Answers of three areas; often everybody named all they could, which leaves little room to hide."""
    bases = draw(st.tuples(*[st.integers(0, 4)] * AREAS).filter(lambda bases: sum(bases) >= SMALL))
    picks = st.sampled_from(EVERY_PICK[-4:] if draw(st.booleans()) else EVERY_PICK)
    people = [draw(st.lists(picks, min_size=base, max_size=base)) for base in bases]
    return Answers(
        bases, tuple(tuple(sum(code in one for one in area) for area in people) for code in range(CODES))
    )


def told(answers: Answers) -> Public:
    """Return what the pages tell, by the very functions that make them."""
    codes, areas = [f"p{place}" for place in range(CODES)], [f"a{place}" for place in range(AREAS)]
    by_area = Breakdown(
        dict(zip(areas, answers.bases, strict=True)),
        {
            (area, code): count
            for code, line in zip(codes, answers.counts, strict=True)
            for area, count in zip(areas, line, strict=True)
        },
    )
    everybody, mentions = answers.everybody, dict(zip(codes, answers.totals, strict=True))
    nothing = Breakdown({}, {})
    by = dict.fromkeys(Dimension, nothing) | {Dimension.AREA: by_area}
    summary = Summary(everybody, 0, everybody, everybody, MOST, mentions, 0, 0, 0, 0, by)
    decided = [
        Decision(id=place, subject=Subject.PRIORITY, snapshot_id=1, mentions=mentions[code], base=everybody)
        for place, code in enumerate(codes)
    ]
    found = figures.protected(decided, SMALL)
    withheld = {code for place, code in enumerate(codes) if found[place].mentions.withheld}
    values = [Value(area, frozenset({area}), area) for area in areas]
    lines = places.protected(summary, values, dict.fromkeys(codes, ""), withheld, SMALL)
    return Public(
        totals=tuple(found[place].mentions for place in range(CODES)),
        bases=tuple(named.line.base for named in lines),
        cells=tuple(tuple(named.cells[code] for named in lines) for code in codes),
    )


def worlds(seen: Public, everybody: int) -> Iterator[Answers]:
    """Every world that fits what is told.

    A withheld count is at least 1, unless all of its line or of its area are withheld: then it may be 0.
    """
    areas = [whole(column) for column in zip(*seen.cells, strict=True)]
    for bases in fitting(seen.bases, Cell(everybody), (not whole(seen.bases),) * AREAS, (everybody,) * AREAS):
        rows = [
            list(fitting(cells, total, tuple(not (area or whole(cells)) for area in areas), bases))
            for total, cells in zip(seen.totals, seen.cells, strict=True)
        ]
        for counts in product(*rows):
            columns = zip(zip(*counts, strict=True), bases, strict=True)
            if all(sum(column) <= MOST * base for column, base in columns):
                yield Answers(bases, counts)


def whole(cells: tuple[Cell, ...]) -> bool:
    return all(cell.withheld for cell in cells)


def fitting(
    cells: tuple[Cell, ...], total: Cell, not_nought: tuple[bool, ...], most: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    ranges = [
        range(int(known), top + 1) if cell.count is None else (cell.count,)
        for cell, known, top in zip(cells, not_nought, most, strict=True)
    ]
    for line in product(*ranges):
        fits = total.count is None or sum(line) == total.count
        if fits and all(count <= top for count, top in zip(line, most, strict=True)):
            yield line


def hidden_counts(answers: Answers) -> dict[tuple[str, int, int], int]:
    """Return what could be asked: each count, each total, and what is left of it without one area."""
    found = {("everywhere", row, 0): total for row, total in enumerate(answers.totals)}
    for row, line in enumerate((*answers.counts, answers.bases)):
        for column, count in enumerate(line):
            found["count", row, column] = count
            found["rest", row, column] = sum(line) - count
    return found


def assert_nothing_small_is_revealed(answers: Answers) -> None:
    seen = told(answers)
    small = {name: count for name, count in hidden_counts(answers).items() if 0 < count < SMALL}
    open_ones = set(small)
    for world in worlds(seen, answers.everybody):
        if not open_ones:
            return
        possible = hidden_counts(world)
        open_ones -= {name for name in open_ones if possible[name] >= SMALL}
    assert not open_ones, (open_ones, answers, seen)


@settings(max_examples=60, deadline=None)
@given(answers())
def test_all_pages_of_a_result_together_reveal_no_small_count(answers: Answers) -> None:
    assert_nothing_small_is_revealed(answers)


@pytest.mark.parametrize(
    "answers",
    [
        # The other two areas have one each, so London less the first is theirs.
        Answers((6, 1, 1), ((6, 1, 1), (0, 0, 0), (0, 0, 0), (0, 0, 0))),
        # The third are those who live elsewhere: London less all boroughs.
        Answers((4, 4, 2), ((4, 4, 2), (3, 3, 0), (0, 0, 0), (0, 0, 0))),
        # All named all they could, and two the last: another total is withheld beside it, whose parts add up.
        Answers((6, 6, 0), ((6, 6, 0), (6, 6, 0), (5, 5, 0), (1, 1, 0))),
        Answers((6, 6, 0), ((6, 6, 0), (6, 6, 0), (4, 6, 0), (2, 0, 0))),
    ],
    ids=["less one borough", "less all boroughs", "sum of parts", "sum of a part"],
)
def test_a_known_way_to_subtract_reveals_nothing(answers: Answers) -> None:
    assert_nothing_small_is_revealed(answers)
