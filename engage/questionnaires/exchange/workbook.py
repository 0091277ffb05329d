"""Opening a spreadsheet that a stranger may have written: its zip is measured before anything reads it.

No formula is computed and no link is followed: a formula is the text that stands in its cell.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl

from engage.foundations.language import lazy
from engage.questionnaires.exchange.reading import refuse_too_large, tidy
from engage.questionnaires.exchange.report import Broken

MOST_MEMBERS = 200
MOST_UNPACKED = 8 * 1024 * 1024
# About 15,000 cells, each with a text of its own.
MOST_ELEMENTS = 150_000
MOST_ROWS = 3_000
MOST_COLUMNS = 120
LONGEST_CELL = 20_000
_PIECE = 64 * 1024
_ENTRY = b"PK\x01\x02"
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
NOT_A_WORKBOOK = lazy("This is not an Excel workbook (.xlsx) that we can open.")


@dataclass(frozen=True, slots=True)
class Room:
    """How much a workbook may unpack to, in bytes and in XML tags."""

    unpacked: int = MOST_UNPACKED
    elements: int = MOST_ELEMENTS


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


def measure(content: bytes, room: Room) -> None:
    """Raise `Broken` unless the content is a zip of plain parts that has `room` enough."""
    if content.count(_ENTRY) > MOST_MEMBERS:
        raise Broken(lazy("The workbook has more than %(most)s parts.", most=MOST_MEMBERS))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure_members(archive, room)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Broken(NOT_A_WORKBOOK) from error


def _measure_members(archive: zipfile.ZipFile, room: Room) -> None:
    members = archive.infolist()
    if sum(member.file_size for member in members) > room.unpacked:
        raise _too_much()
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise Broken(NOT_A_WORKBOOK)
    unpacked = elements = 0
    for member in members:
        if member.flag_bits & 1 or member.compress_type not in _PLAIN_METHODS:
            raise Broken(NOT_A_WORKBOOK)
        with archive.open(member) as part:
            first = True
            while piece := part.read(_PIECE):
                unpacked, elements = unpacked + len(piece), elements + piece.count(b"<")
                if unpacked > room.unpacked or elements > room.elements:
                    raise _too_much()
                if member.filename.endswith((".xml", ".rels")):
                    _refuse_declarations(piece, first)
                first = False


def _refuse_declarations(piece: bytes, first: bool) -> None:
    # A mark in another encoding would not be found here, so there is none: without NULs it cannot be UTF-16.
    encoding = _ENCODING.search(piece) if first else None
    if encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Broken(NOT_A_WORKBOOK)
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or b"\x00" in piece:
        raise Broken(lazy("This workbook declares a document type or entities. We do not open those."))


def _too_much() -> Broken:
    return Broken(lazy("The workbook unpacks to far more than we open."))


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


def cell_text(title: str, number: int, cell: Any) -> str:
    """Return a cell's value as text, a day as 2027-10-01; raises `Broken` where it is too long."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    text = str(cell)
    if len(text) > LONGEST_CELL:
        message = lazy(
            "A cell in row %(row)s of the sheet “%(sheet)s” has more than %(most)s characters.",
            row=number,
            sheet=title,
            most=f"{LONGEST_CELL:,}",
        )
        raise Broken(message)
    return tidy(text)
