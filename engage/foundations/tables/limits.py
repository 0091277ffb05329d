"""What any file may come to, and which characters of it can be kept."""

from __future__ import annotations

import re

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken

MOST_BYTES = 1024 * 1024

# What a text field may send and nobody can see, read or keep.
UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000)])
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def refuse_too_large(content: bytes) -> None:
    """Raise `Broken` for an empty file, and for one of more than a mebibyte."""
    if not content:
        raise Broken(lazy("The file is empty."))
    if len(content) > MOST_BYTES:
        raise Broken(lazy("The file is larger than 1 MB."))


def tidy(text: str) -> str:
    """Return `text` without characters that cannot be kept, line ends as one kind, ends trimmed."""
    return _UNSPEAKABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
