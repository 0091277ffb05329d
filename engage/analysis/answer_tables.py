"""Every question's answers as they may be shown, under disclosure control. Pure: figures in, tables out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engage.analysis import disclosure
from engage.analysis.answers import Counted, Spread
from engage.analysis.disclosure import Cell, Reason
from engage.foundations.language import Text
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.matrix import Grid


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that could be chosen, with how many chose it and the share of those who answered."""

    label: Text
    count: Cell
    share: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a question; a grid has a part for each of its rows, under its `label`."""

    label: Text
    answered: Cell
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with what may be shown of its answers. `spread` is of numbers, and of enough people only."""

    question: Question
    asked: Cell
    answered: Cell
    parts: tuple[Part, ...]
    spread: Spread | None


def show(counted: Counted, labels: Mapping[str, Text], threshold: int) -> Shown:
    """Return what may be shown of a question.

    `labels` are those of every mark of every version, in order. Who was asked parts into those who answered
    and those who did not, so the two are protected together; where the answered are withheld, so is all else.
    """
    asked = disclosure.protect_alone(counted.asked, threshold)
    silent = counted.asked - counted.answered
    answered = disclosure.protect_line(("answered", "silent"), (counted.answered, silent), threshold)[0]
    if asked.withheld or answered.withheld:
        return Shown(counted.question, asked, Cell(None, Reason.SECONDARY), (), None)
    enough = counted.answered >= 2 * threshold
    grid = isinstance(counted.question, Grid)
    parts = _grid(counted, threshold) if grid else _plain(counted, labels, threshold)
    return Shown(counted.question, asked, answered, parts, counted.spread if enough else None)


def _plain(counted: Counted, labels: Mapping[str, Text], threshold: int) -> tuple[Part, ...]:
    if not labels:
        return ()
    base = Cell(counted.answered)
    counts = tuple(counted.marks.get(mark, 0) for mark in labels)
    if counted.single:
        cells: Sequence[Cell] = disclosure.protect_line(tuple(labels), counts, threshold)
    else:
        cells = [disclosure.protect_alone(count, threshold) for count in counts]
    return (Part("", base, _rows(labels, cells, base)),)


def _grid(counted: Counted, threshold: int) -> tuple[Part, ...]:
    question = counted.question
    assert isinstance(question, Grid)
    parts = []
    for row in question.rows:
        options = {option.code: option.label for option in question.choices}
        counts = tuple(counted.marks.get(f"{row.code}:{code}", 0) for code in options)
        silent = counted.answered - sum(counts)
        # Those who left this row blank are told by the others' sum, so they are protected with them.
        *cells, _ = disclosure.protect_line((*options, "silent"), (*counts, silent), threshold)
        base = Cell(counted.answered)
        parts.append(Part(row.label, base, _rows(options, cells, base)))
    return tuple(parts)


def _rows(labels: Mapping[str, Text], cells: Sequence[Cell], base: Cell) -> tuple[Row, ...]:
    both = zip(labels.values(), cells, strict=True)
    return tuple(Row(label, cell, disclosure.share(cell, base)) for label, cell in both)
