"""Opening a spreadsheet that a stranger may have written: its zip is measured before anything reads it.

No formula is computed and no link is followed: a formula is the text that stands in its cell.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.limits import refuse_too_large
from engage.foundations.tables.workbooks import NOT_A_WORKBOOK, Room, cell_text, measure

MOST_ROWS = 3_000
MOST_COLUMNS = 120


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its number in the spreadsheet, and its texts by the heading of the column."""

    number: int
    cells: Mapping[str, str]
    formulas: tuple[str, ...] = ()

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")


def read_sheets(content: bytes, names: tuple[str, ...]) -> dict[str, list[Row]]:
    """Return the rows under the headings of each sheet in `names` that is there; blank rows are skipped.

    Raises `Broken` for what is not a workbook, and for one that unpacks to more than it should.
    """
    refuse_too_large(content)
    measure(content, Room())
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception as error:
        # The library raises whatever it stumbles over: a missing part, a wrong type, an unknown element.
        raise Broken(NOT_A_WORKBOOK) from error
    try:
        return {
            title.strip().lower(): _rows(title, book[title])
            for title in book.sheetnames
            if title.strip().lower() in names
        }
    finally:
        book.close()


def _rows(title: str, sheet: Any) -> list[Row]:
    # What the file says of its own size is nothing to rely on.
    sheet.reset_dimensions()
    found: list[Row] = []
    headings: dict[int, str] = {}
    for number, cells in _cells(title, sheet):
        texts = {
            column: text for column, cell in enumerate(cells) if (text := cell_text(title, number, cell))
        }
        if not texts:
            continue
        if not headings:
            headings = _headings(title, number, texts)
            continue
        row = {headings[column]: text for column, text in texts.items() if column in headings}
        formulas = tuple(heading for heading, text in row.items() if text.startswith("="))
        found.append(Row(number, row, formulas))
    return found


def _cells(title: str, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
            if number > MOST_ROWS:
                message = lazy(
                    "The sheet “%(sheet)s” has more than %(most)s rows.", sheet=title, most=f"{MOST_ROWS:,}"
                )
                raise Broken(message)
            yield number, cells
    except Broken:
        raise
    except Exception as error:
        # See `read_sheets`: a damaged sheet shows only while it is read.
        raise Broken(lazy("The sheet “%(sheet)s” is damaged.", sheet=title)) from error


def _headings(title: str, number: int, texts: Mapping[int, str]) -> dict[int, str]:
    headings = {column: text.strip().lower() for column, text in texts.items()}
    twice = sorted({text for text in headings.values() if list(headings.values()).count(text) > 1})
    if twice:
        message = lazy(
            "Row %(row)s of the sheet “%(sheet)s” has two columns called “%(name)s”.",
            row=number,
            sheet=title,
            name=twice[0],
        )
        raise Broken(message)
    return headings
