"""Forms as HTML. A blank form is made once per version, language and order; only the ticket varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import current_app, render_template

from engage.foundations.language import Text, locale_code
from engage.questionnaires.definitions import QuestionPage
from engage.questionnaires.kinds.base import Given, Problem
from engage.questionnaires.queries import Published
from engage.responses.queries import Offer
from engage.responses.tickets import Ticket

PLACE_OF_TICKET = "@@ticket@@"
MOST_FORMS_KEPT = 400

FormKey = tuple[int, int, str, str, str, datetime, int]


def form_page(
    offer: Offer,
    published: Published,
    page: QuestionPage,
    ticket: Ticket,
    *,
    given: Given | None = None,
    problems: Sequence[Problem] = (),
    apology: Text | None = None,
) -> str:
    """Return a page of a form: blank from memory, or with what was typed and what is wrong with it."""
    sealed = ticket.seal()
    if given or problems or apology:
        return _render(offer, published, page, ticket.rotation, sealed, given or {}, problems, apology)
    kept: dict[FormKey, tuple[str, str]] = current_app.extensions.setdefault("engage_forms", {})
    key = (
        offer.instrument_id,
        ticket.version_id,
        page.code,
        locale_code(),
        offer.title,
        offer.closes_at,
        ticket.rotation,
    )
    if key not in kept:
        if len(kept) >= MOST_FORMS_KEPT:
            kept.clear()
        whole = _render(offer, published, page, ticket.rotation, PLACE_OF_TICKET, {}, (), None)
        before, _, after = whole.partition(PLACE_OF_TICKET)
        kept[key] = (before, after)
    before, after = kept[key]
    return f"{before}{sealed}{after}"


def _render(
    offer: Offer,
    published: Published,
    page: QuestionPage,
    rotation: int,
    sealed: str,
    given: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
    apology: Text | None,
) -> str:
    definition = published.definition
    return render_template(
        "responses/public/form.html",
        offer=offer,
        definition=definition,
        page=page,
        number=definition.pages.index(page) + 1,
        single=len(definition.pages) == 1,
        rotation=rotation,
        ticket=sealed,
        given=given,
        problems=problems,
        errors={problem.field: problem.message for problem in problems},
        apology=apology,
    )
