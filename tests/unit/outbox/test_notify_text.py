"""Nobody's words become a heading, a list, a table or a link that hides where it leads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.outbox.notify_text import body_for_notify, subject_for_notify

Z = "\u200b"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Plain words, and a full stop.", "Plain words, and a full stop."),
        ("One line\r\nand the next", "One line\nand the next"),
        # What begins a line.
        ("# heading", r"\# heading"),
        ("## heading", r"\#\# heading"),
        ("* item", r"\* item"),
        ("- item", f"{Z}- item"),
        ("-item", f"{Z}-item"),
        ("+ item", f"{Z}+ item"),
        ("– item", f"{Z}– item"),
        ("a dash -\nat the end", f"a dash -{Z}\nat the end"),
        ("• item", f"{Z}• item"),
        ("1. item", r"1\. item"),
        ("1.5 million", r"1\.5 million"),
        ("2010/11 was", "2010/11 was"),
        ("^ quoted", f"{Z}^ quoted"),
        ("---", f"{Z}---{Z}"),
        ("--", f"{Z}--{Z}"),
        ("***", r"\*\*\*"),
        ("___", r"\_\_\_"),
        ("Heading\n=====", f"Heading\n{Z}====="),
        ("Heading\n-----", f"Heading\n{Z}-----{Z}"),
        ("```\ncode\n```", "\\`\\`\\`\ncode\n\\`\\`\\`"),
        ("~~~", r"\~\~\~"),
        ("    indented", "&nbsp;&nbsp;&nbsp;&nbsp;indented"),
        ("\tindented", "&nbsp;&nbsp;&nbsp;&nbsp;indented"),
        ("   # heading", r"&nbsp;&nbsp;&nbsp;\# heading"),
        ("\u00a0# heading", r"&nbsp;\# heading"),
        # Notify takes these away, or makes line ends of them.
        ("\u3164# heading", r"\# heading"),
        ("a\u2424# heading", "a\n\\# heading"),
        ("a\u2028# heading", "a\n\\# heading"),
        ("a\u0000b", "ab"),
        # Tables, which would disappear.
        ("a | b\n--|--\nc | d", f"a \\| b\n{Z}--\\|--{Z}\nc \\| d"),
        # Links, pictures and notes.
        ("[words](https://evil.example)", r"\[words\](https://evil.example)"),
        ("![x](https://evil.example/x.png)", r"!\[x\](https://evil.example/x.png)"),
        ("[x]: https://evil.example", r"\[x\]: https://evil.example"),
        ("[^1]: note", r"\[^1\]: note"),
        # An address stands as it is, whatever is in it.
        ("https://x.example/a_b?c=1&d=[2]", "https://x.example/a_b?c=1&amp;d=[2]"),
        ("<https://x.example>", "&lt;https://x.example &gt;"),
        (r"https://x.example\*", "https://x.example%5C*"),
        # HTML, entities and backslashes.
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("&lt; &amp; &copy 5", "&amp;lt; &amp;amp; &amp;copy 5"),
        (r"C:\x \* \.", rf"C:\\{Z}x \\{Z}\* \\{Z}."),
        # Blanks of a template.
        ("((name))", r"\(\(name))"),
        ("(((name)))", r"\(\(\(name)))"),
        ("(one) (two)", "(one) (two)"),
        ("https://x.example/((name))", "https://x.example/%28%28name))"),
    ],
)
def test_each_mark_is_written_so_that_it_is_shown(text: str, written: str) -> None:
    assert body_for_notify(text) == written


MARKS = (*"#*-+•^=1.[]()|`~_\\<>&! \n\tab", "http://", "\u00a0")


@given(st.lists(st.sampled_from(MARKS)).map("".join))
def test_no_line_begins_anything(text: str) -> None:
    for line in body_for_notify(text).split("\n"):
        assert not re.match(r" {0,3}(?:#|\^|[•*+-]|\d+\.|=|`{3}|~{3})", line)
        assert not line.startswith("    ")
        outside = re.sub(r"https?://[^\s<]*", "", line)
        assert not re.search(r"(?<!\\)[\[|]", outside.replace("\\\\", ""))
        assert "<" not in line
        assert "((" not in line


def test_a_subject_is_as_it_was_but_for_blanks() -> None:
    assert subject_for_notify("What came of “A & B” # 1. *x*") == "What came of “A & B” # 1. *x*"
    assert "((" not in subject_for_notify("What of ((name)) and (((x")
    assert subject_for_notify("((name))").replace(Z, "") == "((name))"
