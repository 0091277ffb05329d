"""Opening a workbook that a stranger may have written: its zip is measured before anything reads it.

No formula is computed and no link is followed: a formula is the text that stands in its cell.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.limits import tidy

MOST_MEMBERS = 200
MOST_UNPACKED = 8 * 1024 * 1024
# About 15,000 cells, each with a text of its own.
MOST_ELEMENTS = 150_000
LONGEST_CELL = 20_000
_PIECE = 64 * 1024
_ENTRY = b"PK\x01\x02"
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
# How workbooks write a character that XML cannot hold, and an underscore that would look like one.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
NOT_A_WORKBOOK = lazy("This is not an Excel workbook (.xlsx) that we can open.")


@dataclass(frozen=True, slots=True)
class Room:
    """How much a workbook may unpack to, in bytes and in XML tags."""

    unpacked: int = MOST_UNPACKED
    elements: int = MOST_ELEMENTS


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
    return tidy(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
