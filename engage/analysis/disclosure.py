"""Disclosure control: no count of a few people leaves the officers' room, printed or worked out.

Counts from 1 to one below the threshold are withheld; 0 is shown. Then others are withheld beside them, until
somebody who knows the rule, every published count, total and base, and that a withheld count is at least 1,
cannot tell of any withheld small count that it is below the threshold. The bounds are exact (`network`).
Totals are protected first, in tables of one row, and carried into the two-way tables: a figure withheld in
one table is withheld in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.network import UNBOUNDED, Arc, Network
from engage.foundations.language import Text, lazy

# Where the columns meet whose bases are withheld.
POOL = ("pool",)


class Reason(StrEnum):
    """Why a count is withheld. For us only: telling a reader would tell them that the count is small."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, or None with the reason why it is withheld."""

    count: int | None
    reason: Reason | None = None

    @property
    def withheld(self) -> bool:
        """Whether the count may not be shown."""
        return self.count is None


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by row and column, with the margins that are published.

    Every count of a row is of different people in each column, so a row adds up to its total. With
    `column_totals` columns add up too, and both add up to the published grand total. With `bases` they do
    not: a base is how many people stand behind a column, each counted in at most `most` of its rows, and how
    many stand behind all of them is published. A margin that is None is published nowhere. `withheld_rows`
    and `withheld_columns` are places whose total or base is already withheld in another table. Where there
    are fewer people than the threshold in all, nothing may be published and no table can help.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    row_totals: tuple[int, ...] | None = None
    column_totals: tuple[int, ...] | None = None
    bases: tuple[int, ...] | None = None
    most: int | None = None
    withheld_rows: frozenset[int] = frozenset()
    withheld_columns: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        lines = [*self.counts, self.column_totals or self.columns, self.bases or self.columns]
        across = all(len(line) == len(self.columns) for line in lines)
        down = len(self.counts) == len(self.rows) == len(self.row_totals or self.rows)
        if not across or not down:
            raise ValueError("the counts of a table do not match its labels")


@dataclass(frozen=True, slots=True)
class Protected:
    """A table as it may be published. Margins that were not given are None."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    row_totals: tuple[Cell, ...] | None
    column_totals: tuple[Cell, ...] | None
    bases: tuple[Cell, ...] | None

    @property
    def withheld(self) -> bool:
        """Whether anything at all is withheld."""
        margins = (self.row_totals or (), self.column_totals or (), self.bases or ())
        return any(cell.withheld for line in (*self.cells, *margins) for cell in line)


def protect(table: Table, threshold: int) -> Protected:
    """Return `table` with every count withheld that could reveal one between 1 and `threshold` - 1."""
    return _Protection(table, threshold).result()


def protect_line(labels: tuple[str, ...], counts: tuple[int, ...], threshold: int) -> tuple[Cell, ...]:
    """Return a one-way table whose total is published, protected."""
    table = Table(rows=("",), columns=labels, counts=(counts,), row_totals=(sum(counts),))
    return protect(table, threshold).cells[0]


def protect_alone(count: int, threshold: int) -> Cell:
    """Return a count that is part of no published sum."""
    return Cell(None, Reason.PRIMARY) if 0 < count < threshold else Cell(count)


def share(cell: Cell, base: Cell) -> float | None:
    """Return the share of a count in its base; None where either is withheld or there is nobody."""
    return cell.count / base.count if cell.count is not None and base.count else None


def rule(threshold: int) -> Text:
    """Return the rule as the sentence that is printed under every table."""
    small = lazy("Counts of 1") if threshold == 2 else lazy("Counts of 1 to %(most)s", most=threshold - 1)
    return lazy(
        "%(small)s are withheld so that nobody can be recognised. Where such a count could be worked out "
        "from the figures beside it, some of those are withheld too, and no share is shown of a withheld "
        "count.",
        small=small,
    )


class _Protection:
    """One run of `protect`: what is withheld so far, and the network of what a reader does not know."""

    def __init__(self, table: Table, threshold: int) -> None:
        self.table = table
        self.threshold = threshold
        self.withheld: set[tuple[int, int]] = set()
        # Withheld with everything beside it, so that a reader cannot know that it is not 0.
        self.unmarked: set[tuple[int, int]] = set()
        self.row_hidden = self._hidden(table.row_totals, table.withheld_rows)
        margins = table.bases if table.column_totals is None else table.column_totals
        self.column_hidden = self._hidden(margins, table.withheld_columns)
        self.network = Network()

    def result(self) -> Protected:
        """Withhold what must be and return the table."""
        places = [(row, column) for row in self._row_places() for column in self._column_places()]
        for row, column in places:
            if row in self.row_hidden or column in self.column_hidden:
                self.unmarked.add((row, column))
            if self._small(self._count(row, column)):
                self.withheld.add((row, column))
        self.withheld |= self.unmarked
        self._draw(places)
        for name in self._sensitive(places):
            self._make_safe(name)
        return self._published()

    def _make_safe(self, name: tuple[str, int, int]) -> None:
        """Withhold more until the small count `name` may, for all a reader knows, be at the threshold."""
        kind, row, _column = name
        while True:
            needed = self.threshold - self._value(name)
            safe, others = self.network.can_be_larger(name, needed)
            if safe:
                return
            if others:
                places = {(other[1], other[2]) for other in others if isinstance(other, tuple)}
                self._withhold(places, unmarked=False)
            elif kind == "cell" and not self._row_is_unmarked(row):
                self._withhold({(row, other) for other in self._column_places()}, unmarked=True)
            elif not self._all_unmarked():
                self._withhold(
                    {(r, c) for r in self._row_places() for c in self._column_places()}, unmarked=True
                )
            else:
                # Nothing but the margins is left, and they were made safe before they came here.
                return

    def _withhold(self, places: set[tuple[int, int]], *, unmarked: bool) -> None:
        self.withheld |= places
        if unmarked:
            self.unmarked |= places
        self._draw(sorted(places))

    def _draw(self, places: list[tuple[int, int]]) -> None:
        """Bring the arcs of these places up to date; margins are drawn once, with the first of them."""
        if not self.network.arcs:
            self._draw_margins()
        for row, column in places:
            count = self._count(row, column)
            fewer = count if (row, column) in self.unmarked else max(count - 1, 0)
            more = self._ceiling(column) - count
            shown = (row, column) not in self.withheld
            if not shown or count:
                cost = 10 + count if shown else 0
                name = ("cell", row, column)
                tail = ("pooled" if self._pooled(column) else "row", row)
                self.network.put(Arc(name, tail, ("column", column), more, fewer, cost))

    def _draw_margins(self) -> None:
        """Join rows and columns whose sums a reader does not know to the ground.

        Where a grand total is published the two grounds are apart: what one row gains another must lose.
        """
        fixed = self.table.column_totals is not None and self.table.row_totals is not None
        for row in self._row_places():
            if self.table.row_totals is None or row in self.row_hidden:
                total = UNBOUNDED if self.table.row_totals is None else self.table.row_totals[row] - 1
                ground = ("ground", "rows" if fixed else "")
                self.network.put(Arc(("row", row, -1), ground, ("row", row), UNBOUNDED, max(total, 0)))
        for column in self._column_places():
            room = self._column_room(column)
            if room is not None:
                ground = ("ground", "columns" if fixed else "")
                head = POOL if self._pooled(column) else ground
                self.network.put(Arc(("column", -1, column), ("column", column), head, *room))
        self._draw_pool()

    def _draw_pool(self) -> None:
        """Let the columns with withheld bases share what all of them together have room for.

        How many people are behind them is known: it is what is left of all without the others. So many can
        have been counted in each row, and `most` times as many in all rows.
        """
        pooled = [column for column in self._column_places() if self._pooled(column)]
        if not pooled or self.table.most is None:
            return
        people = self._pooled_people()
        used = [sum(line[column] for column in pooled) for line in self.table.counts]
        more = max(self.table.most * people - sum(used), 0)
        self.network.put(Arc(("pool", -1, -1), POOL, ("ground", ""), more, UNBOUNDED))
        for row, count in enumerate(used):
            name, tail, head = ("pooled", row, -1), ("row", row), ("pooled", row)
            self.network.put(Arc(name, tail, head, max(people - count, 0), count))

    def _pooled(self, column: int) -> bool:
        return self.table.bases is not None and self.table.most is not None and column in self.column_hidden

    def _pooled_people(self) -> int:
        bases = self.table.bases or ()
        return sum(bases[column] for column in self.column_hidden)

    def _column_room(self, column: int) -> tuple[int, int] | None:
        """Return how much larger and smaller a column's sum may be; None where it is published."""
        if self.table.column_totals is not None:
            fewer = max(self.table.column_totals[column] - 1, 0)
            return (UNBOUNDED, fewer) if column in self.column_hidden else None
        if self.table.bases is None or self.table.most is None or column in self.column_hidden:
            return UNBOUNDED, UNBOUNDED
        used = sum(line[column] for line in self.table.counts)
        return max(self.table.most * self.table.bases[column] - used, 0), UNBOUNDED

    def _ceiling(self, column: int) -> int:
        if self.table.bases is None:
            return UNBOUNDED
        if column not in self.column_hidden:
            return self.table.bases[column]
        return self._pooled_people()

    def _sensitive(self, places: list[tuple[int, int]]) -> list[tuple[str, int, int]]:
        """Return the names of all small counts: the cells, and margins that take part in published sums."""
        names = [("cell", row, column) for row, column in places if self._small(self._count(row, column))]
        margins = [name for name in self.network.arcs if isinstance(name, tuple) and name[0] != "cell"]
        return names + [name for name in margins if self._small(self._value(name))]

    def _value(self, name: tuple[str, int, int]) -> int:
        kind, row, column = name
        if kind == "cell":
            return self._count(row, column)
        if kind == "row":
            return self.table.row_totals[row] if self.table.row_totals else 0
        return self.table.column_totals[column] if self.table.column_totals else 0

    def _published(self) -> Protected:
        table = self.table
        cells = tuple(
            tuple(self._cell(count, (row, column) in self.withheld) for column, count in enumerate(line))
            for row, line in enumerate(table.counts)
        )
        return Protected(
            table.rows,
            table.columns,
            cells,
            self._margin(table.row_totals, self.row_hidden),
            self._margin(table.column_totals, self.column_hidden),
            self._margin(table.bases, self.column_hidden),
        )

    def _margin(self, totals: tuple[int, ...] | None, hidden: frozenset[int]) -> tuple[Cell, ...] | None:
        if totals is None:
            return None
        return tuple(self._cell(total, place in hidden) for place, total in enumerate(totals))

    def _cell(self, count: int, withheld: bool) -> Cell:
        if not withheld:
            return Cell(count)
        return Cell(None, Reason.PRIMARY if self._small(count) else Reason.SECONDARY)

    def _hidden(self, totals: tuple[int, ...] | None, already: frozenset[int]) -> frozenset[int]:
        return already | {place for place, total in enumerate(totals or ()) if self._small(total)}

    def _small(self, count: int) -> bool:
        return 0 < count < self.threshold

    def _count(self, row: int, column: int) -> int:
        return self.table.counts[row][column]

    def _row_places(self) -> range:
        return range(len(self.table.rows))

    def _column_places(self) -> range:
        return range(len(self.table.columns))

    def _row_is_unmarked(self, row: int) -> bool:
        return all((row, column) in self.unmarked for column in self._column_places())

    def _all_unmarked(self) -> bool:
        return all(self._row_is_unmarked(row) for row in self._row_places())
