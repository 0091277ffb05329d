"""Labels as plain text: HTML of foreign tools is read for its words, and nothing is shown as markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.foundations.tables.limits import tidy

LONGEST = 20_000
_LINES = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style", "template", "title"})
# What loses something when only its words are kept.
_TELLING = frozenset(
    {"a", "audio", "embed", "form", "iframe", "img", "input", "object", "script", "svg", "table", "video"}
)
# Every step ends where the next element begins or the text does, so time grows with the length and no faster.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<(?:(/?[a-zA-Z][a-zA-Z0-9]{0,20})[^<>]*+>)?")


@dataclass(frozen=True, slots=True)
class Plain:
    """The words, and the names of the elements that said more than words."""

    text: str
    lost: tuple[str, ...] = ()


def plain(written: str) -> Plain:
    """Return the words of `written`, which may be HTML; raises `Broken` for a text of absurd length."""
    if len(written) > LONGEST:
        message = lazy(
            "A text has more than %(most)s characters: “%(start)s…”.",
            most=f"{LONGEST:,}",
            start=tidy(written[:60]),
        )
        raise Broken(message)
    if "<" not in written and "&" not in written:
        return Plain(tidy(written))
    words = _Words()
    words.feed(_bare(written))
    words.close()
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in tidy("".join(words.said)).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Plain(text, tuple(sorted(words.lost)))


def _bare(written: str) -> str:
    """Return HTML without comments and attributes, which the parser is slow to read where they never end."""
    return _TAG.sub(lambda tag: f"<{tag[1]}>" if tag[1] else "&lt;", _COMMENT.sub("", written))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.lost: set[str] = set()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _TELLING:
            self.lost.add(tag)
        if tag in _SILENT:
            self._silent += 1
        elif tag in _LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _LINES and tag != "br":
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)
