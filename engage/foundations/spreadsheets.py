"""Spreadsheets: rows written as CSV and XLSX so that opening them executes nothing.

A spreadsheet reads a cell that begins with = + - or @ as a formula, in CSV even when it is quoted. Such text
gets an apostrophe in front. So does text that begins with an apostrophe itself, which makes the rule
reversible: whoever reads our CSV removes exactly one. A program set to another list separator begins a new
cell after each ; or line break inside a text, so the rule holds there too. Numbers are written as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeAlias

from xlsxwriter import Workbook

Cell: TypeAlias = str | int | float | date | None

BYTE_ORDER_MARK = "\ufeff"
LONGEST_XLSX_TEXT = 32_767
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CUT = " [...]"

# Where a cell may begin; then blanks and marks that are skipped before a formula is looked for. The wide
# signs are read as formulas where Japanese or Chinese is set.
_BEGINNING = r"(\A|[;|\t\r\n])"
_RISKY = re.compile(_BEGINNING + r"(?=[\s\x00-\x1f\ufeff\u200b]*['\"=+\-@＝＋－＠]|[\t\r\n\x00])")
_GUARDED = re.compile(_BEGINNING + "'")


def write_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return `rows` as CSV: UTF-8 with a byte order mark for Excel, CRLF, every text quoted."""
    return b"".join(csv_chunks(rows))


def csv_chunks(rows: Iterable[Sequence[Cell]], chunk_rows: int = 1000) -> Iterator[bytes]:
    """Yield the bytes of `write_csv(rows)` piece by piece, at constant memory."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    for place, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if place % chunk_rows == 0:
            yield _drained(buffer)
    yield _drained(buffer)


def read_csv(data: bytes) -> list[list[str]]:
    """Return the rows of what `write_csv` wrote, every cell as the text it was (None reads as empty)."""
    text = data.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [[unguarded(cell) for cell in row] for row in reader]


def write_xlsx(rows: Iterable[Sequence[Cell]], title: str = "engage") -> bytes:
    """Return `rows` as a workbook of one sheet, its first row a heading; at constant memory per row.

    Text is stored as text and never as a formula or a link. Text longer than a cell may hold (32,767
    characters) is cut and ends in [...].
    """
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with Workbook(out, options) as book:
        sheet = book.add_worksheet(title)
        heading = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                value = _xlsx_cell(cell)
                if isinstance(value, str):
                    sheet.write_string(place, column, value, None if place else heading)
                elif value is not None:
                    sheet.write(place, column, value)
    return out.getvalue()


def guarded(text: str) -> str:
    """Return `text` with an apostrophe in front of everything a spreadsheet might execute."""
    return _RISKY.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return _GUARDED.sub(r"\1", text)


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return guarded(cell) if isinstance(cell, str) else cell


def _xlsx_cell(cell: Cell) -> str | int | float | date | None:
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, str) and len(cell) > LONGEST_XLSX_TEXT:
        return cell[: LONGEST_XLSX_TEXT - len(_CUT)] + _CUT
    return cell


def _drained(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return data
