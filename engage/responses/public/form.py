"""Answering: a form of one page is sent from that page, a longer one page by page and then checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.boroughs.rules import UNDISCLOSED
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import Text, lazy
from engage.foundations.pages import INVALID
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Answers, QuestionPage, read_answers
from engage.questionnaires.kinds.base import Answer, Given, Line
from engage.questionnaires.queries import Published
from engage.responses import drafts, queries, service
from engage.responses.progress import Pages
from engage.responses.public.blueprint import fresh_ticket, offer_of, pages, published, sent_ticket
from engage.responses.public.rendering import form_page
from engage.responses.queries import Offer
from engage.responses.tickets import Ticket, open_ticket

# What a draft keeps of one field; every kind refuses texts far below this with a sentence of its own.
LONGEST_FIELD = 50_000
MOST_VALUES = 100

# The browser keeps this copy of the form for its Back button: a fresh one would have a ticket of its own, so
# that sending it again would be a second response, and its list in another order under the ticks restored.
# It is sent to another address, because a browser forgets its copy of an address that it sends something to.
FOR_GOING_BACK = {"Cache-Control": "private, max-age=0"}

STALE = lazy(
    "This page was open for too long to be sent. What you wrote is still here: please send it again."
)
CLOSED = lazy(
    "This consultation has closed, so we could not take your answers. What you wrote is still below."
)


@pages.get("/<slug>/<code>")
def form(slug: str, code: str) -> ResponseReturnValue:
    """Show a form from its first page."""
    offer = offer_of(slug, code)
    version = published(offer.version_id)
    first = version.definition.pages[0]
    if not offer.is_open(clock.now()):
        return redirect(url_for("take_part.start", slug=slug))
    if len(version.definition.pages) > 1:
        return redirect(url_for("take_part.page", slug=slug, code=code, page_code=first.code))
    return form_page(offer, version, first, fresh_ticket(offer)), FOR_GOING_BACK


@pages.get("/<slug>/<code>/send")
def send_again(slug: str, code: str) -> ResponseReturnValue:
    """Lead somebody who comes back to the address a form is sent to, to the form."""
    return redirect(url_for("take_part.form", slug=slug, code=code))


@pages.post("/<slug>/<code>/send")
def send(slug: str, code: str) -> ResponseReturnValue:
    """Store a form of one page and lead to its receipt."""
    offer = offer_of(slug, code)
    ticket = sent_ticket(offer)
    version = published(ticket.version_id if ticket else offer.version_id)
    first = version.definition.pages[0]
    if len(version.definition.pages) > 1:
        abort(405)
    given = _given(first)
    if ticket is None:
        return _again(offer, version, first, fresh_ticket(offer), given, apology=STALE)
    answers = read_answers(first.questions, given, ticket.rotation)
    if answers.problems:
        return _again(offer, version, first, ticket, given, answers=answers)
    try:
        return _store(offer, ticket, answers)
    except Refused:
        return _again(offer, version, first, ticket, given, apology=CLOSED)


@pages.get("/<slug>/<code>/<page_code>")
def page(slug: str, code: str, page_code: str) -> ResponseReturnValue:
    """Show one page of a longer form, with what this browser wrote on it before."""
    offer = offer_of(slug, code)
    ticket = _held_ticket(offer) or fresh_ticket(offer)
    version = published(ticket.version_id)
    shown = version.definition.page(page_code) or abort(404)
    if not offer.is_open(clock.now()):
        return redirect(url_for("take_part.start", slug=slug))
    draft = queries.find_draft(db.session, ticket.key) or {}
    if not draft and shown is not version.definition.pages[0]:
        return redirect(url_for("take_part.form", slug=slug, code=code))
    return form_page(offer, version, shown, ticket, given=draft.get(page_code))


@pages.post("/<slug>/<code>/<page_code>")
def keep(slug: str, code: str, page_code: str) -> ResponseReturnValue:
    """Keep one page of a longer form and lead to the next, or back to checking."""
    offer = offer_of(slug, code)
    ticket = sent_ticket(offer)
    version = published(ticket.version_id if ticket else offer.version_id)
    shown = version.definition.page(page_code) or abort(404)
    given = _given(shown)
    if ticket is None:
        return _again(offer, version, shown, fresh_ticket(offer), given, apology=STALE)
    answers = read_answers(shown.questions, given, ticket.rotation)
    if answers.problems:
        return _again(offer, version, shown, ticket, given, answers=answers)
    held = drafts.hold_draft(db.session, ticket)
    drafts.keep_draft(
        db.session,
        ticket=ticket,
        held=held,
        page=page_code,
        fields=given,
        finished=True,
        now=clock.now(),
    )
    browser["drafts"] = {**(browser.get("drafts") or {}), str(offer.instrument_id): ticket.seal()}
    following = None if "return" in request.args else version.definition.after(shown)
    if following is None:
        return redirect(url_for("take_part.check", slug=slug, code=code), 303)
    return redirect(url_for("take_part.page", slug=slug, code=code, page_code=following.code), 303)


@pages.get("/<slug>/<code>/check")
def check(slug: str, code: str) -> ResponseReturnValue:
    """Show everything that would be sent, with a way to change each page."""
    offer = offer_of(slug, code)
    ticket = _held_ticket(offer)
    draft = queries.find_draft(db.session, ticket.key) if ticket else None
    if ticket is None or draft is None:
        return redirect(url_for("take_part.form", slug=slug, code=code))
    version = published(ticket.version_id)
    if unfinished := _first_unfinished(version, draft, ticket):
        return redirect(url_for("take_part.page", slug=slug, code=code, page_code=unfinished.code))
    return render_template(
        "responses/public/check.html", **_checked(offer, version, draft, ticket), apology=None
    )


@pages.post("/<slug>/<code>/check")
def send_checked(slug: str, code: str) -> ResponseReturnValue:
    """Store what was checked and lead to its receipt."""
    offer = offer_of(slug, code)
    ticket = sent_ticket(offer) or abort(400)
    version = published(ticket.version_id)
    draft = queries.find_draft(db.session, ticket.key)
    if draft is None:
        return _sent_already(offer, ticket)
    if unfinished := _first_unfinished(version, draft, ticket):
        return redirect(url_for("take_part.page", slug=slug, code=code, page_code=unfinished.code), 303)
    try:
        return _store(offer, ticket, _read(version, draft, ticket))
    except Refused:
        checked = _checked(offer, version, draft, ticket)
        return render_template("responses/public/check.html", **checked, apology=CLOSED), INVALID


def _store(offer: Offer, ticket: Ticket, answers: Answers) -> ResponseReturnValue:
    area = next((answer["area"] for answer in answers.kept.values() if "area" in answer), UNDISCLOSED)
    submission = service.Submission(offer.consultation_id, ticket, answers.kept, area)
    # Made before the response is stored: from there to the commit nobody else can write to SQLite.
    to_receipt = _to_receipt(offer)
    receipt = service.submit(db.session, submission=submission, now=clock.now())
    if len(published(ticket.version_id).definition.pages) > 1:
        drafts.forget_draft(db.session, ticket)
    _hand_over(offer, receipt.code)
    return to_receipt


def _sent_already(offer: Offer, ticket: Ticket) -> ResponseReturnValue:
    """Answer a second press: the draft is gone, as the response is stored or a day has passed."""
    code = service.receipt_code(ticket)
    if queries.find_by_receipt(db.session, service.receipt_hash(code)) is None:
        return redirect(url_for("take_part.form", slug=offer.slug, code=offer.code), 303)
    _hand_over(offer, code)
    return _to_receipt(offer)


def _to_receipt(offer: Offer) -> ResponseReturnValue:
    return redirect(url_for("take_part.received", slug=offer.slug), 303)


def _hand_over(offer: Offer, code: str) -> None:
    """Give the receipt code to this browser and forget the rest; the next person here starts afresh."""
    browser["receipts"] = {**(browser.get("receipts") or {}), offer.slug: code}
    for held in ("drafts", "via"):
        browser.pop(held, None)


def _again(
    offer: Offer,
    version: Published,
    shown: QuestionPage,
    ticket: Ticket,
    given: Given,
    *,
    answers: Answers | None = None,
    apology: Text | None = None,
) -> ResponseReturnValue:
    problems = answers.problems if answers else ()
    html = form_page(offer, version, shown, ticket, given=given, problems=problems, apology=apology)
    return html, INVALID


def _given(shown: QuestionPage) -> dict[str, list[str]]:
    """Return the fields sent that belong to this page's questions."""
    codes = tuple(question.code for question in shown.questions)
    return {
        name: [value[:LONGEST_FIELD] for value in values[:MOST_VALUES]]
        for name, values in request.form.lists()
        if name in codes or name.startswith(tuple(f"{code}-" for code in codes))
    }


def _held_ticket(offer: Offer) -> Ticket | None:
    """Return the ticket of the form this browser is in the middle of, if it is one of this instrument."""
    held = browser.get("drafts") or {}
    return open_ticket(held.get(str(offer.instrument_id), ""))


def _read(version: Published, draft: Pages, ticket: Ticket) -> Answers:
    fields = {name: values for page_fields in draft.values() for name, values in page_fields.items()}
    return read_answers(version.definition.questions, fields, ticket.rotation)


def _first_unfinished(version: Published, draft: Pages, ticket: Ticket) -> QuestionPage | None:
    for candidate in version.definition.pages:
        fields = draft.get(candidate.code, {})
        if read_answers(candidate.questions, fields, ticket.rotation).problems:
            return candidate
    return None


def _checked(offer: Offer, version: Published, draft: Pages, ticket: Ticket) -> dict[str, Any]:
    kept = _read(version, draft, ticket).kept
    parts = [(part, _lines(part, kept)) for part in version.definition.pages]
    return {"offer": offer, "parts": parts, "ticket": ticket.seal()}


def _lines(part: QuestionPage, kept: Mapping[str, Answer]) -> list[Line]:
    return [
        line
        for question in part.questions
        if question.code in kept
        for line in question.lines(kept[question.code])
    ]
