"""Forms and receipts as HTML.

A blank form is made once per version, language and order, and only its ticket varies; of a receipt only the
code does. They are what everybody asks for in the last hour of a consultation.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template

from engage.foundations.language import Text, locale_code
from engage.questionnaires.definitions import Step
from engage.questionnaires.kinds.base import Given, Problem
from engage.questionnaires.queries import Published
from engage.responses.drafts import return_code
from engage.responses.forms import ContactForm, MailCodeForm
from engage.responses.progress import Place
from engage.responses.public.age import may_leave_address
from engage.responses.queries import Offer
from engage.responses.rules import show_receipt
from engage.responses.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Look:
    """What a page of a form shows beside its questions.

    `place` and `action`, the address it is sent to, belong to a form of several pages. `until`: when the
    grace ends that it is written in. `changes`: whether it changes answers that are stored already. `counts`:
    whether seeing it is counted as starting by a link.
    """

    place: Place | None = None
    action: str = ""
    until: datetime | None = None
    changes: bool = False
    counts: bool = False


PLACE_HELD = "@@held@@"
MOST_PAGES_KEPT = 400


def form_page(
    offer: Offer,
    published: Published,
    step: Step,
    ticket: Ticket,
    look: Look,
    *,
    given: Given | None = None,
    problems: Sequence[Problem] = (),
    apology: Text | None = None,
) -> str:
    """Return a page of a form: blank from memory, or with what was typed and what is wrong with it."""
    sealed = ticket.seal()
    if given or problems or apology or look.until:
        return _render(offer, published, step, ticket.rotation, sealed, look, given or {}, problems, apology)
    key = (
        offer.instrument_id,
        ticket.version_id,
        step.page.code,
        tuple(question.code for question in step.questions),
        locale_code(),
        offer.title,
        offer.closes_at,
        ticket.rotation,
        look,
    )
    return _with_secret(
        key,
        lambda: _render(offer, published, step, ticket.rotation, PLACE_HELD, look, {}, (), None),
        sealed,
    )


def saved_page(offer: Offer, ticket: Ticket, form: MailCodeForm | None = None) -> str:
    """Return the page that shows the return code of a form."""
    return render_template(
        "responses/public/saved.html",
        offer=offer,
        ticket=ticket.seal(),
        code=show_receipt(return_code(ticket)),
        asks_address=may_leave_address(offer),
        form=form or MailCodeForm(formdata=None),
    )


def receipt_page(offer: Offer, code: str) -> str:
    """Return the page that shows a receipt code to a browser that has nothing else to be told."""
    key = ("receipt", offer.slug, locale_code(), offer.title, offer.closes_at, offer.feedback_due_on)
    return _with_secret(
        key,
        lambda: render_template(
            "responses/public/received.html",
            offer=offer,
            code=PLACE_HELD,
            asks_address=True,
            form=ContactForm(),
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
    step: Step,
    rotation: int,
    sealed: str,
    look: Look,
    given: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
    apology: Text | None,
) -> str:
    return render_template(
        "responses/public/form.html",
        offer=offer,
        definition=published.definition,
        page=step.page,
        questions=step.questions,
        look=look,
        rotation=rotation,
        ticket=sealed,
        given=given,
        problems=problems,
        errors={problem.field: problem.message for problem in problems},
        apology=apology,
    )
