"""A pack to pass a result on: texts to copy, and a slide and a poster with the packs' own layout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engage.distribution import qr
from engage.distribution.packs.rules import one_line, right_to_left, sentence, shortened, spoken
from engage.distribution.packs.sheets import LAYOUT, SLIDE_DOTS, Shape
from engage.distribution.packs.texts import LONGEST_MESSAGE, Kind, PackText
from engage.feedback.figures import Figure
from engage.feedback.labels import OUTCOMES
from engage.feedback.ledger.results import Result
from engage.foundations.language import _, day, locale_code, number, percent
from engage.foundations.typesetting import Form, Piece, typeset

# How much of a reason, and how many priorities, have room on a sheet.
ON_A_SHEET = 3
REASON_ON_A_SHEET = 160
REASON_IN_A_TEXT = 300
SHEETS: Mapping[str, Shape] = {"poster.pdf": Shape.A4, "slide.pdf": Shape.SLIDE}


def texts(result: Result) -> list[PackText]:
    """Return the texts of the pack: for a newsletter, a message and the minutes of a meeting."""
    return [
        PackText(Kind.NEWSLETTER, False, newsletter(result)),
        PackText(Kind.MESSAGE, False, message(result)),
        PackText(Kind.MINUTES, False, minutes(result)),
    ]


def newsletter(result: Result) -> str:
    """Return an article for the group's members."""
    return _paragraphs(
        _("What came of “%(title)s”", title=one_line(result.title)),
        _(
            "You were asked, and the %(authority)s has answered: what people said, what was decided and why.",
            authority=result.authority,
        ),
        *(_decided(figure, REASON_IN_A_TEXT) for figure in result.figures),
        _local(result),
        _("Read all of it: %(address)s", address=spoken(result.address)),
    )


def message(result: Result) -> str:
    """Return a message under 300 characters; the title is cut where it must be."""
    tail = _("What people said, what was decided and why: %(address)s", address=result.address)
    head = _("What came of “%(title)s”.", title="")
    room = LONGEST_MESSAGE - len(tail) - len(head) - 1
    title = shortened(result.title, max(room, 24))
    return f"{_('What came of “%(title)s”.', title=title)} {tail}"


def minutes(result: Result) -> str:
    """Return an item for the minutes of a meeting."""
    return _paragraphs(
        _("Item: what came of “%(title)s”", title=one_line(result.title)),
        _("It was noted that the %(authority)s has published the result.", authority=result.authority),
        *(_decided(figure, REASON_IN_A_TEXT) for figure in result.figures),
        _local(result),
        _("The whole result: %(address)s", address=spoken(result.address)),
        _("Action: members to tell the people they speak for."),
    )


def sheet(result: Result, name: str, *, made_at: datetime) -> bytes | None:
    """Return a sheet of the pack as a tagged PDF, None where there is none of this name.

    Raises `Refused` where no typeface has a letter.
    """
    shape = SHEETS.get(name)
    if shape is None:
        return None
    [made] = typeset(
        LAYOUT,
        [Piece(_document(result, shape), Form.PDF, SLIDE_DOTS)],
        made_at=made_at,
        without_decoration=True,
    )
    return made


def _document(result: Result, shape: Shape) -> dict[str, Any]:
    """Return everything the layout prints; every value is text and never markup."""
    purpose = "" if shape is Shape.SLIDE else _local(result)
    host, stroke, rest = spoken(result.address).partition("/")
    return {
        "shape": shape.value,
        "language": locale_code(),
        "title": one_line(result.title),
        "authority": result.authority,
        "calling": str(_("What came of it")),
        "heading": _written(one_line(result.title)),
        "purpose": _written(purpose),
        "qr": list(qr.svg(result.address)),
        "qr_alt": str(_("QR code of %(address)s", address=result.address)),
        "scan": str(_("All of it, and why: point your phone’s camera at the square, or go to")),
        "address": [host, stroke + rest] if rest else [host],
        "open": str(_("Published")),
        "dates": day(result.published_at).replace(" ", "\u00a0"),
        "facts": [_fact(figure) for figure in result.figures[:ON_A_SHEET]],
        "passed_on": str(_("Passed on by %(group)s", group=one_line(result.group))),
        "safety": [str(_("Thank you to everybody who took part."))],
    }


def _fact(figure: Figure) -> dict[str, str]:
    outcome = str(OUTCOMES[figure.outcome].name)
    reason = shortened(figure.reason, REASON_ON_A_SHEET)
    return {"label": f"{figure.priority}: {outcome.lower()}", "text": sentence(reason)}


def _decided(figure: Figure, most: int) -> str:
    named = _("named by %(share)s", share=percent(figure.share)) if figure.share is not None else ""
    head = f"{figure.priority} ({named})" if named else figure.priority
    outcome = str(OUTCOMES[figure.outcome].name)
    return f"{head}: {outcome.lower()}. {sentence(shortened(figure.reason, most))}"


def _local(result: Result) -> str:
    """Return what people in the group's borough named most, empty where that may not be told."""
    part = result.local
    if part is None or part.base is None or not part.base:
        return ""
    told = [one for one in part.locals if one.share is not None and one.mentions][:3]
    if not told:
        return ""
    most = ", ".join(f"{one.figure.priority} ({percent(one.share)})" for one in told)
    return str(
        _(
            "In %(area)s %(n)s people answered. They named most: %(most)s.",
            area=result.area,
            n=number(part.base),
            most=most,
        )
    )


def _written(text: str) -> dict[str, Any]:
    return {"text": text, "rtl": right_to_left(text)}


def _paragraphs(*parts: object) -> str:
    return "\n\n".join(str(part) for part in parts if part)
