"""A published version as a paper form: a tagged PDF, one form for each serial, in normal or large print.

The layout is `form.typ`. All forms are one document: 500 take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engage.foundations.language import _, locale_code, plural
from engage.foundations.typesetting import Piece, typeset
from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.kinds.base import Question
from engage.responses.paper.blocks import Block, blocks
from engage.responses.paper.rules import Serial
from engage.responses.paper.words import numbers, only_if

LAYOUT = Path(__file__).with_name("form.typ")


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
    piece = Piece(document(definition, serials, leaflet))
    return typeset(LAYOUT, [piece], made_at=made_at)[0]


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
