"""Plain text as its paragraphs and lists, so that pages show lists as lists. What stands in it stays text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

BULLETS = ("- ", "* ", "• ")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its lines, or a list with its items, without the mark each began with."""

    is_list: bool
    lines: tuple[str, ...]


def prose(text: str) -> Iterator[Block]:
    """Yield the blocks of a text: lists are lines that begin with a mark, empty lines part paragraphs."""
    lines = [line.strip() for line in text.splitlines()]
    for kind, run in groupby(lines, lambda line: None if not line else line.startswith(BULLETS)):
        if kind is not None:
            yield Block(kind, tuple(line[2:].strip() if kind else line for line in run))
