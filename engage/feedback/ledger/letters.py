"""Letters with the result, and labels for their envelopes; the layout is `letters.typ`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from engage.distribution.packs.rules import sentence, shortened, spoken
from engage.feedback.figures import Figure
from engage.feedback.labels import OUTCOMES
from engage.feedback.ledger.post import Slip
from engage.foundations.language import _, day, percent, plural
from engage.foundations.typesetting import Piece, typeset

LAYOUT = Path(__file__).with_name("letters.typ")
# What fits one page with its reasons.
TOP = 4
LONGEST_REASON = 320


class Shape(StrEnum):
    """The shapes that `letters.typ` knows."""

    LETTERS = "letters"
    LABELS = "labels"


def print_letters(
    shape: Shape,
    people: Sequence[Slip],
    *,
    title: str,
    authority: str,
    address: str,
    figures: Sequence[Figure],
    made_at: datetime,
) -> bytes:
    """Return a tagged PDF with a letter or a label for each of `people`; raises `Refused`."""
    document: dict[str, Any] = {
        "shape": shape.value,
        "title": str(_("What came of “%(title)s”", title=title)),
        "authority": authority,
        "day": day(made_at),
        "people": [
            {"name": slip.name, "lines": slip.lines.split("\n"), "postcode": slip.postcode} for slip in people
        ],
    }
    [made] = typeset(
        LAYOUT,
        [Piece(document | _words(title, address, figures))],
        made_at=made_at,
        without_decoration=True,
    )
    return made


def _words(title: str, address: str, figures: Sequence[Figure]) -> dict[str, Any]:
    more = len(figures) - TOP
    return {
        "heading": str(_("What came of “%(title)s”", title=title)),
        "greeting": str(
            _("You took part, and left your address to be told what came of it. This was decided, and why:")
        ),
        "decided": [_part(figure) for figure in figures[:TOP]],
        "more": str(plural("And %(num)s more priority.", "And %(num)s more priorities.", more))
        if more > 0
        else "",
        "whole": str(_("Everything people said, everything that was decided, and why:")),
        "address": spoken(address),
        "thanks": str(_("Thank you for taking part.")),
        "small": str(
            _(
                "You get this one letter because you left your address for it. Your address is kept apart "
                "from your answers, and nobody can tell which are yours."
            )
        ),
    }


def _part(figure: Figure) -> dict[str, str]:
    named = _("named by %(share)s", share=percent(figure.share)) if figure.share is not None else ""
    head = f"{figure.priority} ({named})" if named else figure.priority
    outcome = str(OUTCOMES[figure.outcome].name)
    return {
        "head": f"{head}: {outcome.lower()}",
        "text": sentence(shortened(figure.reason, LONGEST_REASON)),
    }
