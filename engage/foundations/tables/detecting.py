"""How a table is written, found by trying: its encoding, and what parts its cells. Pure.

Nothing is guessed that can be known: text that is valid UTF-8 is UTF-8, because hardly any other text is.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from enum import StrEnum
from itertools import islice

from engage.foundations.language import Text, lazy
from engage.foundations.tables.broken import Broken

DELIMITERS: dict[str, Text] = {
    ",": lazy("Comma"),
    ";": lazy("Semicolon"),
    "\t": lazy("Tab"),
    "|": lazy("Upright line"),
}

_LOOKED_AT = 60
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Encoding(StrEnum):
    """How the characters of a text are written."""

    UTF_8 = "utf-8"
    UTF_8_MARKED = "utf-8-sig"
    UTF_16 = "utf-16"
    UTF_16_LITTLE = "utf-16-le"
    UTF_16_BIG = "utf-16-be"
    WINDOWS = "cp1252"


ENCODINGS: dict[Encoding, Text] = {
    Encoding.UTF_8: lazy("UTF-8"),
    Encoding.UTF_8_MARKED: lazy("UTF-8, with a mark"),
    Encoding.UTF_16: lazy("UTF-16"),
    Encoding.UTF_16_LITTLE: lazy("UTF-16"),
    Encoding.UTF_16_BIG: lazy("UTF-16"),
    Encoding.WINDOWS: lazy("Windows-1252, as older programs of Western Europe write"),
}


def is_workbook(content: bytes) -> bool:
    """Tell whether the content is a zip, as .xlsx is; raises `Broken` for an .xls of earlier days."""
    if content.startswith(_OLD_EXCEL):
        raise Broken(lazy("This is an old Excel workbook (.xls). Save it as .xlsx or .csv."))
    return content.startswith(b"PK")


def encoding_of(content: bytes) -> Encoding:
    """Return the encoding of a text; raises `Broken` where it is in none that we read."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _proven(content, Encoding(name))
    half = len(content) // 2
    if half and content[1::2].count(0) > half // 2:
        return _proven(content, Encoding.UTF_16_LITTLE)
    if half and content[0::2].count(0) > half // 2:
        return _proven(content, Encoding.UTF_16_BIG)
    if b"\x00" in content:
        raise Broken(lazy("This file is neither text nor an Excel workbook (.xlsx)."))
    try:
        return _proven(content, Encoding.UTF_8)
    except Broken:
        return _proven(content, Encoding.WINDOWS)


def text_of(content: bytes, encoding: Encoding) -> str:
    """Return the text; raises `Broken` where the content is not in this encoding."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        sentence = lazy(
            "This text is neither in UTF-8 nor in UTF-16 nor in Windows-1252 (byte %(byte)s).",
            byte=f"{error.start + 1:,}",
        )
        raise Broken(sentence) from error
    if "\x00" in text:
        raise Broken(lazy("This file is neither text nor an Excel workbook (.xlsx)."))
    return text


def _proven(content: bytes, encoding: Encoding) -> Encoding:
    text_of(content, encoding)
    return encoding


def delimiter_of(text: str) -> str:
    """Return what parts the cells: what makes the first rows equally long; a comma if nothing does."""
    fits = {delimiter: _fit(text, delimiter) for delimiter in DELIMITERS}
    return max(fits, key=lambda delimiter: fits[delimiter])


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    """Return the share of rows that are as long as most, and that length; nothing for a single column."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lengths = Counter(len(row) for row in islice(reader, _LOOKED_AT) if any(row))
    except csv.Error:
        return (0.0, 0)
    if not lengths:
        return (0.0, 0)
    length, rows = max(lengths.items(), key=lambda item: (item[1], item[0]))
    return (rows / sum(lengths.values()), length) if length > 1 else (0.0, 0)
