"""How a file of answers is written, found by trying: its encoding, what parts its cells, its headings. Pure.

Nothing is guessed that can be known: text that is valid UTF-8 is UTF-8, because hardly any other text is.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from engage.foundations.language import Text, lazy
from engage.questionnaires.exchange.report import Broken

DELIMITERS: dict[str, Text] = {
    ",": lazy("Comma"),
    ";": lazy("Semicolon"),
    "\t": lazy("Tab"),
    "|": lazy("Upright line"),
}
# What tools write in the second line where a question has a single column.
PLAIN_ANSWERS = frozenset(
    {"response", "open-ended response", "open ended response", "answer", "response text"}
)

_LOOKED_AT = 60
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_FIGURES = re.compile(r"[\d\s.,:/\-+%£]+")


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


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column: the question, and, where there are two lines, the part of it."""

    question: str
    part: str = ""

    @property
    def whole(self) -> str:
        """The heading in one line, as our own exports write it."""
        if not self.part or self.part.casefold() in PLAIN_ANSWERS:
            return self.question or self.part
        return f"{self.question} ({self.part})" if self.question else self.part


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


def heading_lines(rows: Iterable[Sequence[str]]) -> int:
    """Return whether the headings stand in one line or two, from the first rows that are not blank.

    Two: above some columns the first line is blank, because it goes on from the left, and the second names
    what the column is; nothing in the second line looks like an answer in figures.
    """
    found = list(islice((row for row in rows if any(row)), 3))
    if len(found) < 2:
        return 1
    first, second = found[0], found[1]
    width = max(len(first), len(second))
    upper = [*first, *[""] * (width - len(first))]
    lower = [*second, *[""] * (width - len(second))]
    going_on = [place for place in range(1, width) if not upper[place] and lower[place]]
    named_twice = sum(
        1 for place in range(width) if upper[place] and lower[place].casefold() in PLAIN_ANSWERS
    )
    if any(_FIGURES.fullmatch(cell) for cell in lower if cell) or not any(upper):
        return 1
    if named_twice:
        return 2
    parts = [lower[place] for place in going_on]
    return 2 if parts and len(set(parts)) == len(parts) and any(upper[:1] + upper[1 : going_on[0]]) else 1


def headings(lines: Sequence[Sequence[str]], width: int) -> tuple[Heading, ...]:
    """Return a heading for each column from the lines they stand in (none, one or two).

    A blank in the first of two lines goes on with the question to its left, where the second names a part.
    """
    if not lines:
        return tuple(Heading("") for _ in range(width))
    upper, lower = (_padded(line, width) for line in (lines[0], lines[1] if len(lines) > 1 else ()))
    found: list[Heading] = []
    question = ""
    for above, below in zip(upper, lower, strict=True):
        if above or not below:
            question = above
        found.append(Heading(question, below))
    return tuple(found)


def _padded(line: Sequence[str], width: int) -> list[str]:
    return [" ".join(cell.split()) for cell in (*line, *[""] * (width - len(line)))][:width]
