"""The rows of a table, as text: a CSV, or one sheet of a workbook, opened safely.

A row has the number that a spreadsheet shows beside it, so that whoever mends the file finds it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import openpyxl

from engage.foundations.language import lazy
from engage.foundations.spreadsheets import guarded, unguarded
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.detecting import Encoding, delimiter_of, encoding_of, is_workbook, text_of
from engage.foundations.tables.limits import UNSEEN, refuse_too_large
from engage.foundations.tables.workbooks import NOT_A_WORKBOOK, Room, cell_text, measure

MOST_ROWS = 20_000
MOST_COLUMNS = 250
MOST_CELLS = 1_000_000
# A file of a mebibyte with 5,000 rows of 60 columns has about a million tags.
ROOM = Room(unpacked=48 * 1024 * 1024, elements=2_500_000)
# How far down a sheet may go; blank rows cost little, but they are counted.
LOWEST_ROW = 100_000

Row: TypeAlias = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Written:
    """How a file is written: a text has an encoding and a delimiter, a workbook has sheets, one is read."""

    encoding: Encoding | None = None
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def written(content: bytes) -> Written:
    """Return how a file looks to be written; raises `Broken` for what we do not read."""
    refuse_too_large(content)
    if is_workbook(content):
        sheets = _sheets(content)
        return Written(sheets=sheets, sheet=sheets[0])
    encoding = encoding_of(content)
    return Written(encoding=encoding, delimiter=delimiter_of(text_of(content, encoding)))


def read_rows(content: bytes, how: Written) -> Iterator[Row]:
    """Yield each row that is not blank, with its number; raises `Broken` where one cannot be read.

    What our own exports put before a cell, so that no spreadsheet runs it, is taken away again.
    """
    rows = _of_sheet(content, how.sheet) if how.encoding is None else _of_text(content, how)
    cells = 0
    found = 0
    for number, row in rows:
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        found, cells = found + 1, cells + len(row)
        if len(row) > MOST_COLUMNS:
            raise Broken(lazy("The file has more than %(most)s columns.", most=MOST_COLUMNS))
        if found > MOST_ROWS + 2 or cells > MOST_CELLS:
            raise Broken(lazy("The file has more than %(most)s rows.", most=f"{MOST_ROWS:,}"))
        yield number, row


def digest_of(rows: Iterable[Row]) -> str:
    """Return the SHA-256 (hex) of what the rows say: the same however the file is written."""
    found = hashlib.sha256()
    for _number, row in rows:
        found.update(json.dumps(row, ensure_ascii=False).encode(errors="replace") + b"\n")
    return found.hexdigest()


def _of_text(content: bytes, how: Written) -> Iterator[Row]:
    assert how.encoding is not None
    text = text_of(content, how.encoding).removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=how.delimiter, strict=True)
    number = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            sentence = lazy(
                "Row %(row)s has a quotation mark out of place, or a cell that is too long.", row=number + 1
            )
            raise Broken(sentence) from error
        if row is None:
            return
        number += 1
        yield number, [_cell(cell) for cell in row]


def _cell(cell: str) -> str:
    """Return what a cell says, without what our exports guard it with."""
    if "'" in cell and guarded(plain := unguarded(cell)) == cell:
        cell = plain
    return cell.translate(UNSEEN).strip()


def _sheets(content: bytes) -> tuple[str, ...]:
    measure(content, ROOM)
    book = _book(content)
    try:
        # A sheet of charts has no rows.
        return tuple(sheet.title for sheet in book.worksheets) or _no_sheet()
    finally:
        book.close()


def _no_sheet() -> tuple[str, ...]:
    raise Broken(lazy("The workbook has no sheet with rows."))


def _of_sheet(content: bytes, name: str) -> Iterator[Row]:
    measure(content, ROOM)
    book = _book(content)
    try:
        sheet = next((one for one in book.worksheets if one.title == name), None)
        if sheet is None:
            raise Broken(lazy("The workbook has no sheet called “%(sheet)s”.", sheet=name))
        # What the file says of its own size is nothing to rely on.
        sheet.reset_dimensions()
        yield from _rows(sheet, name)
    finally:
        book.close()


def _rows(sheet: Any, name: str) -> Iterator[Row]:
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), start=1):
            if number > LOWEST_ROW:
                raise Broken(lazy("The file has more than %(most)s rows.", most=f"{MOST_ROWS:,}"))
            yield number, [cell_text(name, number, cell) for cell in cells]
    except Broken:
        raise
    except Exception as error:
        # The library raises whatever it stumbles over, and a damaged sheet shows only while it is read.
        raise Broken(lazy("The sheet “%(sheet)s” is damaged.", sheet=name)) from error


def _book(content: bytes) -> Any:
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise Broken(NOT_A_WORKBOOK) from error


def widest(rows: Sequence[Row]) -> int:
    """Return how many columns the longest row has."""
    return max((len(row) for _number, row in rows), default=0)
