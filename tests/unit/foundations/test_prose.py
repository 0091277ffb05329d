"""Plain text is read as its paragraphs and lists."""

from __future__ import annotations

import pytest

from engage.foundations.prose import Block, prose


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        (" \n\n", []),
        ("One.", [Block(False, ("One.",))]),
        ("One.\nTwo.", [Block(False, ("One.", "Two."))]),
        ("One.\n\nTwo.", [Block(False, ("One.",)), Block(False, ("Two.",))]),
        ("- a\n- b", [Block(True, ("a", "b"))]),
        (
            "Adopted:\r\n- Knife crime\r\n- Burglary\r\n\r\nWhy",
            [Block(False, ("Adopted:",)), Block(True, ("Knife crime", "Burglary")), Block(False, ("Why",))],
        ),
        ("- a\n\n- b", [Block(True, ("a",)), Block(True, ("b",))]),
        ("-5 degrees\n--\n*stars*", [Block(False, ("-5 degrees", "--", "*stars*"))]),
        ("<b>&amp;", [Block(False, ("<b>&amp;",))]),
    ],
)
def test_a_text_is_read_as_its_paragraphs_and_lists(text: str, blocks: list[Block]) -> None:
    assert list(prose(text)) == blocks
