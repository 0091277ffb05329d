"""What the posters and the slide of a pack print; the layout is `sheet.typ`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from engage.distribution import qr
from engage.distribution.packs import sentences
from engage.distribution.packs.rules import Facts, one_line, right_to_left
from engage.foundations.language import _, locale_code
from engage.foundations.typesetting import Form, Piece, typeset

LAYOUT = Path(__file__).with_name("sheet.typ")
# A slide of 960 by 540 points as 1,920 by 1,080 dots.
SLIDE_DOTS = 144.0


class Shape(StrEnum):
    """The shapes that `sheet.typ` knows."""

    A4 = "a4"
    A5 = "a5"
    LARGE = "large"
    SLIDE = "slide"


# How much of the purpose has room.
_PURPOSE = {Shape.A4: 240, Shape.A5: 200, Shape.LARGE: 150, Shape.SLIDE: 0}


def print_sheets(facts: Facts, asked: Sequence[tuple[Shape, Form]], *, made_at: datetime) -> list[bytes]:
    """Return each shape in each form, one page each; raises `Refused` where no typeface has a letter."""
    pieces = [Piece(document(facts, shape), form, SLIDE_DOTS) for shape, form in asked]
    return typeset(LAYOUT, pieces, made_at=made_at, without_decoration=True)


def document(facts: Facts, shape: Shape) -> dict[str, Any]:
    """Return everything the layout prints."""
    title = one_line(facts.title)
    return {
        "shape": shape.value,
        "language": locale_code(),
        "title": title,
        "authority": facts.authority,
        "calling": "" if sentences.calls(facts) else str(_("Have your say")),
        "heading": _written(title),
        "purpose": _written(sentences.purpose(facts, _PURPOSE[shape]) if _PURPOSE[shape] else ""),
        # As numbers: as text it would be made fit to print.
        "qr": list(qr.svg(facts.address)),
        "qr_alt": str(_("QR code of %(address)s", address=facts.address)),
        "scan": str(_("Point your phone’s camera at the square, or go to")),
        "address": _parted(facts.spoken),
        "open": str(_("Open")),
        "dates": _unbroken_days(facts),
        "facts": _facts(facts, shape),
        "passed_on": sentences.passed_on(facts),
        "safety": [
            str(_("Not for reporting crime.")),
            str(_("Emergency 999. Not an emergency 101.")),
            str(_("Without giving your name: Crimestoppers 0800 555 111.")),
        ],
    }


def _facts(facts: Facts, shape: Shape) -> list[dict[str, str]]:
    told = (
        sentences.told_shortly(facts) if shape in (Shape.LARGE, Shape.SLIDE) else sentences.afterwards(facts)
    )
    who = _("You do not give your name. Nobody can tell which answers are yours.")
    return [
        {"label": str(_("Anonymous")), "text": str(who)},
        {"label": str(_("No internet?")), "text": sentences.without_internet(facts)},
        {"label": str(_("Afterwards")), "text": told},
    ]


def _written(text: str) -> dict[str, Any]:
    return {"text": text, "rtl": right_to_left(text)}


def _unbroken_days(facts: Facts) -> str:
    opens, closes = sentences.both_days(facts)
    together = [one.replace(" ", "\u00a0") for one in (opens, closes)]
    return str(_("%(opens)s to %(closes)s", opens=together[0], closes=together[1]))


def _parted(address: str) -> list[str]:
    """Return the address in the two pieces between which a line may end: the host, and what follows."""
    host, stroke, rest = address.partition("/")
    return [host, stroke + rest] if rest else [host]
