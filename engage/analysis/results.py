"""Results as they may be shown: a tally under disclosure control. Pure: figures in, tables out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engage.analysis import disclosure
from engage.analysis.disclosure import Cell, Protected, Reason, Table
from engage.analysis.tallies import Breakdown, Dimension, Summary
from engage.foundations.language import Text


@dataclass(frozen=True, slots=True)
class Ranked:
    """A priority with how many responses named it; `rank` is None where the count is withheld or 0."""

    rank: int | None
    code: str
    label: str
    mentions: Cell
    share: float | None


@dataclass(frozen=True, slots=True)
class Value:
    """A line of a breakdown: its label, and the raw values of the dimension that it gathers."""

    label: Text
    raw: frozenset[Any]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures above the ranking, each protected on its own.

    How many `texts` there are in people's own words, how many are still `uncoded` and how many responses wait
    for that is our own work, not what anybody said, and is told as it is.
    """

    respondents: Cell
    asked: Cell
    base: Cell
    others: Cell
    none: Cell
    texts: int
    uncoded: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a breakdown as shown: who was asked, and for each priority the count and its share."""

    value: Value
    base: Cell
    cells: tuple[Cell, ...]
    shares: tuple[float | None, ...] = field(default=())


def headline(summary: Summary, threshold: int) -> Headline:
    """Return the figures above the ranking."""

    def alone(count: int) -> Cell:
        return disclosure.protect_alone(count, threshold)

    return Headline(
        respondents=alone(summary.respondents),
        asked=alone(summary.asked),
        base=alone(summary.base),
        others=alone(summary.others),
        none=alone(summary.none),
        texts=summary.texts,
        uncoded=summary.uncoded,
        waiting=summary.waiting,
    )


def ranking(summary: Summary, labels: Mapping[str, str], threshold: int) -> tuple[Ranked, ...]:
    """Return the priorities of the framework, most named first.

    `labels` are in their published order, which decides between equals and is the order of withheld ones.
    Counts of different priorities are of overlapping people and add up to nothing that is published, so each
    is protected on its own; where few were asked, all are withheld.
    """
    base = disclosure.protect_alone(summary.base, threshold)
    cells = {code: _mentions(summary, code, base, threshold) for code in labels}
    # What is withheld is between what is shown and what nobody named, whatever it is.
    order = {code: cell.count if cell.count is not None else 1 for code, cell in cells.items()}
    ordered = sorted(labels, key=lambda code: -order[code])
    return tuple(
        Ranked(
            rank=_rank(cells, code),
            code=code,
            label=labels[code],
            mentions=cells[code],
            share=disclosure.share(cells[code], base),
        )
        for code in ordered
    )


def breakdown(
    summary: Summary,
    dimension: Dimension,
    values: Sequence[Value],
    labels: Mapping[str, str],
    threshold: int,
    withheld: Collection[str] = (),
) -> tuple[Line, ...]:
    """Return a line for each of `values`, its cells in the order of `labels`.

    `values` must gather every value of the dimension. The totals of the ranking are what each column adds up
    to, and the bases add up to the base of the ranking, so both take part in the protection. `withheld` are
    the codes whose total is withheld for another reason: nothing of theirs may add up to it.
    """
    return lines_of(summary, summary.breakdowns[dimension], values, labels, threshold, withheld)


def lines_of(
    summary: Summary,
    found: Breakdown,
    values: Sequence[Value],
    labels: Mapping[str, str],
    threshold: int,
    withheld: Collection[str] = (),
) -> tuple[Line, ...]:
    """Return the lines of a breakdown of the same base as `summary`; `values` gather all of its values."""
    bases = tuple(sum(found.bases.get(raw, 0) for raw in value.raw) for value in values)
    names = tuple(str(place) for place in range(len(values)))
    counts = tuple(
        tuple(sum(found.mentions.get((raw, code), 0) for raw in value.raw) for value in values)
        for code in labels
    )
    few = 0 < summary.base < threshold
    hidden = disclosure.protect_line(names, bases, threshold)
    table = Table(
        rows=tuple(labels),
        columns=names,
        counts=counts,
        row_totals=tuple(sum(line) for line in counts),
        bases=bases,
        most=summary.at_most or None,
        withheld_rows=frozenset(place for place, code in enumerate(labels) if few or code in withheld),
        withheld_columns=frozenset(place for place, cell in enumerate(hidden) if few or cell.withheld),
    )
    return _lines(disclosure.protect(table, threshold), values)


def top(ranked: Sequence[Ranked], most: int) -> tuple[Ranked, ...]:
    """Return the priorities ranked 1 to `most`, all of those that share the last place included."""
    return tuple(line for line in ranked if line.rank is not None and line.rank <= most)


def _lines(seen: Protected, values: Sequence[Value]) -> tuple[Line, ...]:
    bases = seen.bases or ()
    lines = []
    for place, value in enumerate(values):
        cells = tuple(row[place] for row in seen.cells)
        shares = tuple(disclosure.share(cell, bases[place]) for cell in cells)
        lines.append(Line(value, bases[place], cells, shares))
    return tuple(lines)


def _mentions(summary: Summary, code: str, base: Cell, threshold: int) -> Cell:
    if base.withheld:
        return Cell(None, Reason.SECONDARY)
    return disclosure.protect_alone(summary.mentions.get(code, 0), threshold)


def _rank(cells: Mapping[str, Cell], code: str) -> int | None:
    count = cells[code].count
    if not count:
        return None
    return 1 + sum(1 for other in cells.values() if (other.count or 0) > count)
