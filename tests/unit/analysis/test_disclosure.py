from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.analysis.disclosure import (
    Cell,
    Protected,
    Reason,
    Table,
    protect,
    protect_alone,
    protect_line,
    share,
)

SMALL = 3  # A low threshold keeps what the attacker must try within reach.


def lines(width: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(0, most)] * width)


def addable(counts: tuple[tuple[int, ...], ...]) -> Table:
    """Return a two-way table with both margins, its margins protected first."""
    row_totals = tuple(sum(line) for line in counts)
    column_totals = tuple(sum(line) for line in zip(*counts, strict=True))
    rows = tuple(map(str, range(len(counts))))
    columns = tuple(map(str, range(len(counts[0]))))
    return Table(
        rows=rows,
        columns=columns,
        counts=counts,
        row_totals=row_totals,
        column_totals=column_totals,
        withheld_rows=hidden(protect_line(rows, row_totals, SMALL)),
        withheld_columns=hidden(protect_line(columns, column_totals, SMALL)),
    )


def hidden(cells: tuple[Cell, ...]) -> frozenset[int]:
    return frozenset(place for place, cell in enumerate(cells) if cell.withheld)


@st.composite
def mentions(draw: st.DrawFn) -> Table:
    """A table of priorities by place: up to two mentions a person, bases protected first."""
    bases = draw(lines(3, 4))
    counts = []
    for _ in range(draw(st.integers(1, 2))):
        counts.append(tuple(draw(st.integers(0, base)) for base in bases))
    labels = ("a", "b", "c")
    return Table(
        rows=tuple(map(str, range(len(counts)))),
        columns=labels,
        counts=tuple(counts),
        row_totals=tuple(sum(line) for line in counts),
        bases=bases,
        most=2,
        withheld_columns=hidden(protect_line(labels, bases, SMALL)),
    )


def possible_line(
    cells: tuple[Cell, ...], known: tuple[bool, ...], total: Cell, top: int, least_total: int = 1
) -> list[tuple[int, ...]]:
    """Every line of whole numbers that fits what is published of it; `known`: withheld, and not 0."""
    ranges = [
        range(int(not_zero), top + 1) if cell.count is None else (cell.count,)
        for cell, not_zero in zip(cells, known, strict=True)
    ]
    return [
        line
        for line in product(*ranges)
        if (total.count == sum(line)) or (total.count is None and sum(line) >= least_total)
    ]


def worlds(table: Table, seen: Protected) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every table that somebody who sees only `seen` must hold possible."""
    assert seen.row_totals is not None
    total = sum(table.bases or table.row_totals or ())
    whole_rows = [all(cell.withheld for cell in line) for line in seen.cells]
    whole_columns = [all(cell.withheld for cell in line) for line in zip(*seen.cells, strict=True)]
    rows = [
        possible_line(
            line,
            tuple(not (row or column) for column in whole_columns),
            line_total,
            total,
            least_total=int(not all(cell.withheld for cell in seen.row_totals)),
        )
        for line, line_total, row in zip(seen.cells, seen.row_totals, whole_rows, strict=True)
    ]
    for world in product(*rows):
        if fits_margins(table, seen, world):
            yield world


def fits_margins(table: Table, seen: Protected, world: tuple[tuple[int, ...], ...]) -> bool:
    sums = [sum(column) for column in zip(*world, strict=True)]
    if seen.column_totals is not None:
        if not all(cell.withheld for cell in seen.column_totals) and 0 in (
            found for cell, found in zip(seen.column_totals, sums, strict=True) if cell.withheld
        ):
            return False
        fits = all(
            cell.withheld or cell.count == found for cell, found in zip(seen.column_totals, sums, strict=True)
        )
        return fits and sum(sums) == sum(table.row_totals or ())
    return fits_bases(table, seen.bases or (), world, sums)


def fits_bases(
    table: Table, bases: tuple[Cell, ...], world: tuple[tuple[int, ...], ...], sums: list[int]
) -> bool:
    people = sum(table.bases or ())
    everything_withheld = all(cell.withheld for cell in bases)
    left = people - sum(cell.count or 0 for cell in bases)
    for place, cell in enumerate(bases):
        need = max(0, *(line[place] for line in world), -(-sums[place] // (table.most or 1)))
        if cell.count is None:
            left -= max(need, 0 if everything_withheld else 1)
        elif need > cell.count:
            return False
    return left >= 0


def assert_no_small_count_is_revealed(table: Table, seen: Protected) -> None:
    small = [
        (row, column)
        for row, line in enumerate(table.counts)
        for column, count in enumerate(line)
        if 0 < count < SMALL
    ]
    assert all(seen.cells[row][column].withheld for row, column in small)
    most = dict.fromkeys(small, 0)
    least = dict.fromkeys(small, 10**9)
    for world in worlds(table, seen) if small else ():
        for row, column in small:
            most[row, column] = max(most[row, column], world[row][column])
            least[row, column] = min(least[row, column], world[row][column])
    assert all(most[place] >= SMALL for place in small), (most, seen)
    assert all(least[place] < most[place] for place in small)


@settings(max_examples=40, deadline=None)
@given(mentions().filter(lambda table: sum(table.bases or ()) >= SMALL))
def test_trying_every_table_never_finds_a_small_count_of_mentions(table: Table) -> None:
    assert_no_small_count_is_revealed(table, protect(table, SMALL))


@settings(max_examples=40, deadline=None)
@given(
    (st.tuples(lines(2, 5), lines(2, 5)) | st.tuples(lines(3, 4), lines(3, 4))).filter(
        lambda counts: sum(map(sum, counts)) >= SMALL
    )
)
def test_trying_every_table_never_finds_a_small_count_between_two_margins(
    counts: tuple[tuple[int, ...], ...],
) -> None:
    table = addable(counts)
    assert_no_small_count_is_revealed(table, protect(table, SMALL))


@pytest.mark.parametrize(
    "counts",
    [
        ((1, 3, 3), (1, 3, 3), (1, 0, 3), (0, 3, 0)),
        ((1, 3, 3), (1, 3, 2), (1, 3, 1), (0, 0, 3)),
    ],
    ids=["all they could name", "all they could name in one row"],
)
def test_places_whose_bases_are_withheld_have_room_for_their_people_only(
    counts: tuple[tuple[int, ...], ...],
) -> None:
    """Everybody named three: what one place is withheld is what the others have no room for."""
    bases, labels = (1, 3, 3), ("a", "b", "c")
    table = Table(
        rows=("w", "x", "y", "z"),
        columns=labels,
        counts=counts,
        row_totals=tuple(map(sum, counts)),
        bases=bases,
        most=3,
        withheld_columns=hidden(protect_line(labels, bases, SMALL)),
    )
    assert_no_small_count_is_revealed(table, protect(table, SMALL))


@settings(max_examples=200, deadline=None)
@given(lines(4, 9))
def test_trying_every_line_never_finds_a_small_count_beside_its_total(counts: tuple[int, ...]) -> None:
    cells = protect_line(("a", "b", "c", "d"), counts, SMALL)
    if sum(counts) < SMALL:
        assert sum(counts) == 0 or all(cell.withheld for cell in cells)
        return
    known = (not all(cell.withheld for cell in cells),) * 4
    found = possible_line(cells, known, Cell(sum(counts)), sum(counts))
    for place, count in enumerate(counts):
        if 0 < count < SMALL:
            assert max(line[place] for line in found) >= SMALL


@given(mentions())
def test_what_is_shown_is_true_and_protecting_twice_gives_the_same(table: Table) -> None:
    seen = protect(table, SMALL)
    assert seen == protect(table, SMALL)
    for line, cells in zip(table.counts, seen.cells, strict=True):
        for count, cell in zip(line, cells, strict=True):
            assert cell.withheld or cell.count == count
            assert cell.withheld == (cell.reason is not None)


def test_a_table_without_small_counts_is_shown_whole() -> None:
    table = Table(("a",), ("x", "y", "z"), ((0, 5, 12),), row_totals=(17,), bases=(9, 10, 20), most=3)
    assert not protect(table, 5).withheld


def test_a_single_small_count_takes_the_smallest_other_with_it() -> None:
    table = Table(("a",), ("x", "y", "z"), ((3, 40, 12),), row_totals=(55,), bases=(20, 90, 50), most=3)
    assert protect(table, 5).cells[0] == (
        Cell(None, Reason.PRIMARY),
        Cell(40),
        Cell(None, Reason.SECONDARY),
    )


def test_two_small_counts_that_leave_no_doubt_take_a_third() -> None:
    table = Table(("a",), ("x", "y", "z"), ((1, 2, 12),), row_totals=(15,), bases=(20, 90, 50), most=3)
    assert [cell.withheld for cell in protect(table, 5).cells[0]] == [True, True, True]


def test_a_place_with_few_people_is_withheld_whole_even_its_zeros() -> None:
    table = Table(("a", "b"), ("x", "y"), ((0, 50), (2, 40)), row_totals=(50, 42), bases=(3, 90), most=3)
    seen = protect(table, 5)
    assert seen.bases == (Cell(None, Reason.PRIMARY), Cell(90))
    assert all(line[0].withheld for line in seen.cells)
    assert seen.cells[1][1].withheld


def test_a_total_withheld_elsewhere_withholds_its_whole_row() -> None:
    table = Table(
        ("a", "b"),
        ("x", "y"),
        ((6, 0), (30, 40)),
        row_totals=(6, 70),
        bases=(50, 60),
        withheld_rows=frozenset({0}),
    )
    seen = protect(table, 5)
    assert [cell.withheld for cell in seen.cells[0]] == [True, True]
    assert seen.row_totals == (Cell(None, Reason.SECONDARY), Cell(70))
    assert seen.cells[1] == (Cell(30), Cell(40))


@pytest.mark.parametrize(("count", "withheld"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_count_alone_is_withheld_from_one_to_below_the_threshold(count: int, withheld: bool) -> None:
    assert protect_alone(count, 5).withheld is withheld


def test_a_table_whose_lines_do_not_match_its_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="labels"):
        Table(("a",), ("x", "y"), ((1, 2, 3),))


def test_no_share_is_given_of_a_withheld_count_or_base() -> None:
    assert share(Cell(5), Cell(20)) == 0.25
    assert share(Cell(None, Reason.PRIMARY), Cell(20)) is None
    assert share(Cell(5), Cell(None, Reason.SECONDARY)) is None
    assert share(Cell(0), Cell(0)) is None
