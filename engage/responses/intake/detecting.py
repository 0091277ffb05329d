"""In how many lines the headings of a file of answers stand, and what they say. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

# What tools write in the second line where a question has a single column.
PLAIN_ANSWERS = frozenset(
    {"response", "open-ended response", "open ended response", "answer", "response text"}
)

_FIGURES = re.compile(r"[\d\s.,:/\-+%£]+")


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
