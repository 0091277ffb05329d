"""Long lists: pages, and words that are looked for."""

from __future__ import annotations

import pytest

from engage.foundations.lists import has_words, nearest, part


@pytest.mark.parametrize(
    ("asked", "total", "expected"),
    [
        (None, 0, (1, 1)),
        (3, 0, (1, 1)),
        (1, 10, (1, 1)),
        (2, 11, (2, 2)),
        (0, 25, (1, 3)),
        (-4, 25, (1, 3)),
        (99, 25, (3, 3)),
    ],
)
def test_a_page_beyond_either_end_is_the_nearest(
    asked: int | None, total: int, expected: tuple[int, int]
) -> None:
    assert nearest(asked, total, 10) == expected


def test_a_page_holds_its_own_items_and_says_how_many_there_are_in_all() -> None:
    found = part("abcdefg", 3, 3)
    assert (found.items, found.number, found.pages, found.total) == ("g", 3, 3, 7)


@pytest.mark.parametrize(
    ("typed", "found"), [("", True), ("youth", True), ("YOUTH cam", True), ("youth barnet", False)]
)
def test_every_word_must_be_somewhere_in_what_is_said(typed: str, found: bool) -> None:
    assert has_words(typed, "Camden Youth Club", None, "London") is found
