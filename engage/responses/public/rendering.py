"""Forms and receipts as HTML.

A blank form is made once per version, language and order, and only its ticket varies; of a receipt only the
code does. They are what everybody asks for in the last hour of a consultation.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

from flask import current_app, render_template

from engage.foundations.language import Text, locale_code
from engage.questionnaires.definitions import QuestionPage
from engage.questionnaires.kinds.base import Given, Problem
from engage.questionnaires.queries import Published
from engage.responses.forms import ContactForm
from engage.responses.queries import Offer
from engage.responses.tickets import Ticket

PLACE_HELD = "@@held@@"
MOST_PAGES_KEPT = 400


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
    key = (
        offer.instrument_id,
        ticket.version_id,
        page.code,
        locale_code(),
        offer.title,
        offer.closes_at,
        ticket.rotation,
    )
    return _with_secret(
        key,
        lambda: _render(offer, published, page, ticket.rotation, PLACE_HELD, {}, (), None),
        sealed,
    )


def receipt_page(offer: Offer, code: str) -> str:
    """Return the page that shows a receipt code to a browser that has nothing else to be told."""
    key = ("receipt", offer.slug, locale_code(), offer.title, offer.closes_at, offer.feedback_due_on)
    return _with_secret(
        key,
        lambda: render_template(
            "responses/public/received.html", offer=offer, code=PLACE_HELD, form=ContactForm()
        ),
        code,
    )


def _with_secret(key: Hashable, make: Callable[[], str], secret: str) -> str:
    """Return the page kept under `key`, made on first use, with `secret` (letters and signs safe in HTML)."""
    kept: dict[Hashable, tuple[str, str]] = current_app.extensions.setdefault("engage_kept_pages", {})
    if key not in kept:
        if len(kept) >= MOST_PAGES_KEPT:
            kept.clear()
        before, _, after = make().partition(PLACE_HELD)
        kept[key] = (before, after)
    before, after = kept[key]
    return f"{before}{secret}{after}"


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
