"""Documents on paper, by layouts in Typst: a tagged PDF (PDF/UA-1), or a picture of its one page.

Everything that is printed reaches a layout as strings in JSON, so that nothing anybody wrote is ever read as
markup. The work is done by a program of its own, `press`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused

PRESS = Path(__file__).with_name("press.py")
LONGEST_PRINTING = 120
# As the press says how long each piece is; it is never imported, as it is large.
LENGTH_BYTES = 8
# A word that fills no line; longer ones may be broken anywhere.
LONGEST_WORD = 28
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
BREAK_HERE = "\u200b"
# Joins letters in some scripts, so it is text; other invisible characters are not.
INVISIBLE_TEXT = frozenset("\u200c\u200d")
NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Emoji and what changes their look: a sentence says the same without them.
DECORATION = frozenset({"So", "Sk", "Mn", "Me", "Cf"})
UNPRINTABLE = re.compile(r"text `(.*?)` could not", re.DOTALL)
MOST_ATTEMPTS = 4


class Form(StrEnum):
    """What a document is made as."""

    PDF = "pdf"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class Piece:
    """One document for a layout: what it prints, and as what; `dots` to the inch are for pictures."""

    document: dict[str, Any]
    form: Form = Form.PDF
    dots: float = 144.0


class Unprintable(Refused):
    """No typeface here has these characters."""

    def __init__(self, characters: frozenset[str]) -> None:
        sentence = lazy(
            "No typeface here has %(characters)s, which this uses: leave it out, or install one.",
            characters=" ".join(sorted(characters)) or "?",
        )
        super().__init__(sentence)
        self.characters = characters


def typeset(
    layout: Path, pieces: Sequence[Piece], *, made_at: datetime, without_decoration: bool = False
) -> list[bytes]:
    """Return `pieces` laid out by `layout`, in their order; raises `Refused`.

    A character in no typeface of this server is refused; `without_decoration` leaves out such emoji instead.
    """
    pieces = [replace(piece, document=printable(piece.document)) for piece in pieces]
    for _ in range(MOST_ATTEMPTS if without_decoration else 0):
        try:
            return _pressed(layout, pieces, made_at)
        except Unprintable as problem:
            if not all(unicodedata.category(one) in DECORATION for one in problem.characters):
                raise
            missing = problem.characters
            pieces = [replace(piece, document=_without(piece.document, missing)) for piece in pieces]
    return _pressed(layout, pieces, made_at)


def _pressed(layout: Path, pieces: Sequence[Piece], made_at: datetime) -> list[bytes]:
    asked = {
        "layout": str(layout),
        "made_at": int(made_at.timestamp()),
        "pieces": [asdict(piece) for piece in pieces],
    }
    try:
        # Nothing of this process but these bytes: no environment, no folder of its own to import from.
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=False,
            timeout=LONGEST_PRINTING,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(lazy("Printing so much takes too long. Print less at a time.")) from error
    if done.returncode:
        raise _refusal(done.stderr.decode(errors="replace"))
    return list(_parted(done.stdout))


def _parted(made: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(made):
        begin = at + LENGTH_BYTES
        at = begin + int.from_bytes(made[begin - LENGTH_BYTES : begin], "big")
        yield made[begin:at]


def _refusal(message: str) -> Exception:
    """Return the refusal of what could not be printed; anything but a missing letter is our mistake."""
    if "could not be displayed" not in message:
        return RuntimeError(f"the printer said: {message}")
    named = "".join(UNPRINTABLE.findall(message)).replace('"', "")
    return Unprintable(frozenset(named))


def printable(value: Any) -> Any:
    """Return `value` with its texts as paper can show them: no invisible characters, and words that break."""
    if isinstance(value, str):
        shown = "".join(_visible(value))
        return LONG_WORD.sub(lambda word: _in_pieces(word.group()), shown)
    if isinstance(value, dict):
        return {name: printable(one) for name, one in value.items()}
    return [printable(one) for one in value] if isinstance(value, list) else value


def _visible(text: str) -> Iterator[str]:
    for one in text:
        if one in INVISIBLE_TEXT or unicodedata.category(one) not in NOT_TEXT:
            yield one
        elif one.isspace():
            yield " "


def _in_pieces(word: str) -> str:
    pieces: Iterable[str] = (word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))
    return BREAK_HERE.join(pieces)


def _without(value: Any, characters: frozenset[str]) -> Any:
    if isinstance(value, str):
        return "".join(one for one in value if one not in characters)
    if isinstance(value, dict):
        return {name: _without(one, characters) for name, one in value.items()}
    return [_without(one, characters) for one in value] if isinstance(value, list) else value
