"""A published version as a paper form: a tagged PDF, one form for each serial, in normal or large print.

The layout is `form.typ`; everything that is printed reaches it as strings in JSON, so that nothing an officer
or anybody else wrote is ever read as markup. All forms are one document: 500 take seconds.
The work is done by a program of its own, `press`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engage.foundations.language import _, lazy, locale_code, plural
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.kinds.base import Question
from engage.responses.paper.blocks import Block, blocks
from engage.responses.paper.rules import Serial
from engage.responses.paper.words import numbers, only_if

PRESS = Path(__file__).with_name("press.py")
LONGEST_PRINTING = 120
# A word that fills no line; longer ones may be broken anywhere.
LONGEST_WORD = 28
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
BREAK_HERE = "\u200b"
# Joins letters in some scripts, so it is text; other invisible characters are not.
INVISIBLE_TEXT = frozenset("\u200c\u200d")
NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """What a form says beside its questions. `closing` and `return_to` are words for people."""

    consultation: str
    authority: str
    privacy_notice: str
    closing: str
    return_to: str
    large: bool = False


def print_forms(
    definition: Definition, serials: Sequence[Serial], leaflet: Leaflet, *, made_at: datetime
) -> bytes:
    """Return a PDF (PDF/UA-1) with a form for each of `serials`, each beginning on a sheet of its own.

    Raises `Refused` where a character of the questionnaire is in no font that this server has.
    """
    asked = {
        "document": printable(document(definition, serials, leaflet)),
        "made_at": int(made_at.timestamp()),
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
        raise Refused(lazy("Printing so many forms takes too long. Print fewer at a time.")) from error
    if done.returncode:
        raise _refusal(done.stderr.decode(errors="replace"))
    return done.stdout


def _refusal(message: str) -> Exception:
    """Return the refusal of what could not be printed; anything but a missing letter is our mistake."""
    if "could not be displayed" not in message:
        return RuntimeError(f"the printer said: {message}")
    characters = _quoted(message)
    return Refused(
        lazy(
            "No typeface here has %(characters)s, which this form uses: leave it out, or install one.",
            characters=characters,
        )
    )


def _quoted(message: str) -> str:
    """Return the characters that a message of the printer names."""
    named = re.search(r"text `(.*?)` could not", message, re.DOTALL)
    return named.group(1) if named else "?"


def document(definition: Definition, serials: Sequence[Serial], leaflet: Leaflet) -> dict[str, Any]:
    """Return everything the layout prints."""
    return {
        "language": locale_code(),
        "large": leaflet.large,
        "title": definition.title,
        "consultation": leaflet.consultation,
        "authority": leaflet.authority,
        "intro": _paragraphs(definition.intro),
        "safety": [
            str(_("Not for reporting crime.")),
            str(_("Emergency 999. Not an emergency 101.")),
            str(_("Without giving your name: Crimestoppers 0800 555 111.")),
        ],
        "how": _how(definition),
        "parts": [part for page in definition.pages for part in _part(page, definition)],
        "privacy": _paragraphs(leaflet.privacy_notice),
        "send": {"to": _paragraphs(leaflet.return_to), "by": leaflet.closing},
        "words": _said(),
        "forms": [{"serial": str(one), "rotation": one.number - 1} for one in serials],
    }


def _said() -> dict[str, str]:
    """Return what the layout says of its own accord."""
    return {
        "serial": str(_("Serial number")),
        "page": str(_("Page {n} of {of}")),
        "optional": str(_("(optional)")),
        "question": str(_("Question {n}")),
        "privacy": str(_("What we do with your answers")),
        "send": str(_("Where to send this form")),
        "by": str(_("It must reach us by:")),
    }


def _how(definition: Definition) -> list[str]:
    n = definition.minutes
    minutes = plural("It takes about a minute.", "It takes about %(n)s minutes.", n, n=n)
    clearly = _("Please write clearly, in black or blue. Do not write your name or address on this form.")
    return [f"{minutes} {clearly}"]


def _part(page: QuestionPage, definition: Definition) -> Iterator[Block]:
    condition = only_if(page.shown_if, definition) if page.shown_if else ""
    if page.exit:
        sentences = [
            condition,
            *_paragraphs(page.intro),
            str(_("Please do not go on and do not send this form.")),
        ]
        yield {"is": "stop", "title": page.title, "texts": [one for one in sentences if one]}
        return
    # A form of one page has often one title for both.
    title = "" if page.title == definition.title else page.title
    yield {"is": "page", "title": title, "only_if": condition, "texts": _paragraphs(page.intro)}
    yield from (_question(question, definition, 3 if title else 2) for question in page.questions)


def _question(question: Question, definition: Definition, level: int) -> Block:
    """Return a question with its heading at `level`; headings skip none."""
    return {
        "is": "question",
        "level": level,
        "number": numbers(definition).get(question.code),
        "label": question.label,
        "optional": question.asks and not question.required,
        "only_if": only_if(question.shown_if, definition) if question.shown_if else "",
        "hint": _paragraphs(question.hint),
        "blocks": blocks(question),
    }


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


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
