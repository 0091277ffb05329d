"""A long list: what it is narrowed to, what in it has the words that are looked for, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Item = TypeVar("Item")
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """A page of a list; `number` and `pages` count from 1, `total` is how many there are in all."""

    items: Sequence[Item]
    number: int
    pages: int
    total: int


def part(items: Sequence[Item], number: int | None, size: int) -> Part[Item]:
    """Return page `number` of a list; one beyond either end is the nearest there is."""
    here, pages = nearest(number, len(items), size)
    return Part(items[(here - 1) * size : here * size], here, pages, len(items))


def nearest(number: int | None, total: int, size: int) -> tuple[int, int]:
    """Return the page of a list of `total` that is nearest to `number`, and how many pages it has."""
    pages = max(1, -(-total // size))
    return min(max(number or 1, 1), pages), pages


def has_words(typed: str, *said: str | None) -> bool:
    """Tell whether all the words that were typed are somewhere in what is said; capitals do not matter."""
    text = " ".join(filter(None, said)).casefold()
    return all(word in text for word in typed.casefold().split())


def one_of(kind: type[Choice], asked: str) -> Choice | None:
    """Return the choice that an address asks for; None where there is no such one."""
    return kind(asked) if asked in set(kind) else None
