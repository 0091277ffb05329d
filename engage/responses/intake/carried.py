"""A file between two steps, as its pages show it: its headings, its first rows, its values to sort. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from engage.foundations.language import Text, lazy
from engage.foundations.tables.reading import Row, widest
from engage.questionnaires.definitions import Definition
from engage.responses.intake.detecting import Heading, headings
from engage.responses.intake.mapping import AREA, GROUP, Decided, guessed, letters
from engage.responses.intake.parts import Placed, known_by_hand
from engage.responses.intake.shelf import Shelf, Upload
from engage.responses.intake.trying import Agreed, Meant, strange_values

PREVIEWED = 5
EXAMPLES = 3
LONGEST_EXAMPLE = 60
MOST_VALUES = 100
UNDECIDED = "?"


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column of the file: its place, its letters, its heading and some of what stands in it."""

    place: int
    letters: str
    heading: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is not known, how often it stands there, and what was decided about it so far."""

    field: str
    value: str
    shown: Text
    rows: int
    decided: str


@dataclass(frozen=True, slots=True)
class ColumnToSort:
    """A column with values that are not known, and what they may stand for. `more`: values not shown."""

    column: ColumnShown
    part: Text
    choices: Mapping[str, Text]
    values: tuple[Value, ...]
    more: int


@dataclass(frozen=True)
class Carried:
    """A file on the shelf."""

    shelf: Shelf
    token: str
    upload: Upload

    @cached_property
    def _first(self) -> list[Row]:
        return list(islice(self.shelf.rows(self.token), self.upload.lines + 200))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The heading of each column."""
        lines = [cells for _number, cells in self._first[: self.upload.lines]]
        return headings(lines, widest(self._first))

    @property
    def preview(self) -> Sequence[Row]:
        """The first rows below the headings, as wide as the headings are."""
        width = len(self.headings)
        rows = self._first[self.upload.lines :][:PREVIEWED]
        return [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in rows]

    @cached_property
    def columns(self) -> tuple[ColumnShown, ...]:
        """The columns with some of what stands in them."""
        return tuple(self._column(place, heading) for place, heading in enumerate(self.headings))

    def _column(self, place: int, heading: Heading) -> ColumnShown:
        cells = (row[place] for _number, row in self._first[self.upload.lines :] if place < len(row))
        examples = tuple(islice(dict.fromkeys(_short(cell) for cell in cells if cell), EXAMPLES))
        whole = heading.whole or str(lazy("No heading"))
        return ColumnShown(place, letters(place), whole, examples)

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headings."""
        return islice(self.shelf.rows(self.token), self.upload.lines, None)

    def change(self, **what: Any) -> Carried:
        """Return the file with what is known of it changed, having kept it."""
        return Carried(self.shelf, self.token, self.shelf.change(self.token, self.upload, **what))

    def decide(self, columns: Mapping[int, str]) -> Carried:
        """Return the file with its columns decided; values stay sorted where the column stays the same."""
        before = self.upload.decided
        kept = {
            place: values
            for place, values in before.by_hand.items()
            if place in columns and columns[place] == before.columns.get(place)
        }
        return self.change(decided=Decided(columns, kept))

    def guess(self, definition: Definition) -> Carried:
        """Return the file with its columns decided as they look to be."""
        return self.change(decided=Decided(guessed(self.headings, definition)))

    def mapping(self, meant: Meant, agreed: Agreed) -> dict[str, Any]:
        """Return what is kept for good of how the file was read, without any place that somebody wrote."""
        decided = self.upload.decided
        columns = {
            letters(place): {"heading": self.columns[place].heading[:200], "part": key}
            for place, key in decided.columns.items()
        }
        sorted_ = {
            letters(place): {value[:200]: code for value, code in values.items()}
            for place, values in decided.by_hand.items()
            if not _about_people(meant, decided.columns.get(place, ""))
        }
        return {
            "columns": columns,
            "values": sorted_,
            "heading_lines": self.upload.lines,
            "past_left_out": agreed.past,
            "blank_taken": agreed.blank,
        }


def _about_people(meant: Meant, key: str) -> bool:
    return key in (AREA, GROUP) or isinstance(meant.parts.get(key), Placed)


def values_to_sort(carried: Carried, meant: Meant) -> list[ColumnToSort]:
    """Return the columns with values that are not known, those decided already among them."""
    undecided = Meant(
        meant.definition, Decided(meant.decided.columns), meant.areas, meant.groups, meant.instrument
    )
    found = strange_values(carried.rows(), undecided)
    return [
        _to_sort(carried, undecided, place, found[place], meant.decided.hand(place))
        for place in sorted(found)
    ]


def _to_sort(
    carried: Carried, meant: Meant, place: int, counted: Mapping[str, int], hand: Mapping[str, str]
) -> ColumnToSort:
    key = meant.decided.columns[place]
    part = meant.parts.get(key)
    called: Mapping[str, Text]
    if part is not None:
        heading, choices, called = part.heading, part.choices, known_by_hand(part)
    elif key == AREA:
        heading, choices, called = lazy("Borough"), meant.areas, known_by_hand(None)
    else:
        heading, choices, called = lazy("Group"), {}, {}
    listed = sorted(counted, key=lambda value: (-counted[value], value))
    values = tuple(
        Value(
            f"value-{place}-{n}", value, called.get(value, value), counted[value], hand.get(value, UNDECIDED)
        )
        for n, value in enumerate(listed[:MOST_VALUES])
    )
    return ColumnToSort(carried.columns[place], heading, choices, values, max(0, len(listed) - MOST_VALUES))


def sorted_by_hand(column: ColumnToSort, sent: Mapping[str, str]) -> dict[str, str]:
    """Return what an officer decided about the values of a column: value -> code, blank for no answer."""
    said = {one.value: sent.get(one.field, UNDECIDED) for one in column.values}
    return {value: code for value, code in said.items() if code == "" or code in column.choices}


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_EXAMPLE else f"{one_line[:LONGEST_EXAMPLE]}…"
