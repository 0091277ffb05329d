"""A form of several pages: page by page along the way that the answers lead, checked, and then sent."""

from __future__ import annotations

from enum import Enum, auto

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import lazy
from engage.foundations.pages import INVALID
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import QuestionPage
from engage.responses import drafts, progress, queries
from engage.responses.public.begun import Form
from engage.responses.public.blueprint import (
    STALE,
    fresh_ticket,
    given_on,
    held_ticket,
    hold_ticket,
    keeps_cookies,
    let_go,
    offer_of,
    pages,
    sent_ticket,
)
from engage.responses.public.rendering import saved_page
from engage.responses.public.sending import find_sent, store
from engage.responses.queries import Offer
from engage.responses.tickets import Ticket

CLOSED = lazy(
    "This consultation is closed, so we could not take your answers. What you wrote is still below."
)

# What the button that was pressed asks for; anything else goes on.
BACK, SAVE = "back", "save"


def begun_before(offer: Offer, ticket: Ticket) -> ResponseReturnValue | None:
    """Offer to go on with the form this browser holds, or to start afresh; None where nothing is kept."""
    draft = queries.find_draft(db.session, ticket.key)
    if draft is None or not offer.takes(ticket.began_at, clock.now()):
        return None
    form = Form(offer, ticket, draft)
    step = form.unfinished
    following = form.address(step.page.code) if step else None
    return render_template(
        "responses/public/begun.html", offer=offer, ticket=ticket.seal(), following=following
    )


@pages.post("/<slug>/<code>/start-afresh")
def start_afresh(slug: str, code: str) -> ResponseReturnValue:
    """Leave a form behind and begin another. What a return code leads to is kept for it."""
    offer = offer_of(slug, code)
    if ticket := sent_ticket(offer):
        drafts.give_up_draft(db.session, ticket)
    let_go(offer)
    return redirect(url_for("take_part.form", slug=slug, code=code), 303)


@pages.get("/<slug>/<code>/<page_code>")
def page(slug: str, code: str, page_code: str) -> ResponseReturnValue:
    """Show one page of a longer form, with what was written on it before."""
    form = _held(offer_of(slug, code))
    shown = _page_of(form, page_code)
    if shown.exit:
        return render_template("responses/public/exit.html", offer=form.offer, page=shown)
    if len(form.version.definition.pages) == 1:
        return redirect(url_for("take_part.form", slug=slug, code=code))
    if not form.is_taken:
        return redirect(url_for("take_part.start", slug=slug))
    step = form.route.step(page_code)
    if step is None or not progress.is_reached(form.route, step, form.draft):
        first = form.unfinished
        return redirect(form.address(first.page.code) if first else _checking(form.offer))
    # A browser that does not send this back keeps no cookies, and is led on without.
    hold_ticket(form.ticket)
    return form.page(step, returning="return" in request.args)


@pages.post("/<slug>/<code>/<page_code>")
def keep(slug: str, code: str, page_code: str) -> ResponseReturnValue:
    """Keep one page of a longer form and lead to where the button says: on, back, or to saving it."""
    offer = offer_of(slug, code)
    sent = sent_ticket(offer)
    ticket = sent or held_ticket(offer) or fresh_ticket(offer)
    held = drafts.hold_draft(db.session, ticket)
    before = Form(offer, ticket, held.answers if held else {})
    shown = _page_of(before, page_code)
    if shown.exit or len(before.version.definition.pages) == 1:
        return redirect(url_for("take_part.form", slug=slug, code=code), 303)
    form = before.with_page(page_code, given_on(shown))
    if sent is None or not form.is_taken:
        return form.again(page_code, STALE if sent is None else CLOSED)
    move = _move(before, form, page_code)
    if move is Move.ON and form.wrong_at(page_code):
        return form.again(page_code)
    if move is Move.NOWHERE:
        return before.lead(before.unfinished, returning=True)
    if move is not Move.ON:
        form = form.with_page(page_code, progress.left_open(form.draft[page_code]))
    fields = form.draft[page_code]
    drafts.keep_draft(db.session, ticket=ticket, held=held, page=page_code, fields=fields, now=clock.now())
    return _save(form) if move is Move.SAVE else _go(form, page_code, move)


class Move(Enum):
    """Where somebody goes from a page. `NOWHERE`: back to checking, with a change that cannot be kept."""

    ON = auto()
    BACK = auto()
    SAVE = auto()
    NOWHERE = auto()


def _move(before: Form, form: Form, page_code: str) -> Move:
    """Return where the button that was pressed leads from a page, as it was `before` and is now."""
    step, pressed = form.route.step(page_code), request.form.get("go")
    if pressed == SAVE and not form.ticket.changes:
        return Move.SAVE
    if step is None or pressed == BACK:
        # What was finished stays so for somebody who changes it from checking and goes back.
        old = before.route.step(page_code)
        if step and old and "return" in request.args and before.has_finished(old):
            return Move.NOWHERE if step.problems else Move.ON
        return Move.BACK
    return Move.ON


def _go(form: Form, page_code: str, move: Move) -> ResponseReturnValue:
    """Lead from a page that was kept to the next, to the one before, or to what is left before checking."""
    returning = "return" in request.args
    step = form.route.step(page_code)
    if step is None or (move is Move.ON and returning):
        return form.lead(form.unfinished, returning=returning)
    if move is Move.ON:
        return form.lead(form.route.after(page_code))
    earlier = form.route.before(page_code)
    if earlier is None:
        hold_ticket(form.ticket)
        return redirect(url_for("take_part.start", slug=form.offer.slug), 303)
    return form.lead(earlier, returning=returning)


@pages.get("/<slug>/<code>/check")
def check(slug: str, code: str) -> ResponseReturnValue:
    """Show everything that would be sent, with a way to change each page."""
    form = _held(offer_of(slug, code))
    if not form.draft:
        return redirect(url_for("take_part.form", slug=slug, code=code))
    if step := form.unfinished:
        return redirect(form.address(step.page.code, returning=True))
    return form.check()


@pages.post("/<slug>/<code>/check")
def send_checked(slug: str, code: str) -> ResponseReturnValue:
    """Store what was checked and lead to its receipt; or lead back to a page, to change it."""
    offer = offer_of(slug, code)
    sent = sent_ticket(offer)
    ticket = sent or held_ticket(offer)
    draft = queries.find_draft(db.session, ticket.key) if ticket else None
    if ticket is None or draft is None:
        # A second press: the draft is gone, as the response is stored or a day has passed.
        to_receipt = find_sent(offer, ticket) if ticket else None
        return to_receipt or redirect(url_for("take_part.form", slug=slug, code=code), 303)
    form = Form(offer, ticket, draft)
    going = request.form.get("go")
    if going == BACK and form.route.steps:
        return form.lead(form.route.steps[-1])
    if going == SAVE and not ticket.changes:
        return _save(form)
    if step := form.route.step(request.form.get("change", "")) or form.unfinished:
        return form.lead(step, returning=True)
    if sent is None:
        return form.check(STALE), INVALID
    try:
        to_receipt = store(offer, ticket, form.route.kept)
    except Refused as refusal:
        return form.check(refusal.message), INVALID
    drafts.forget_draft(db.session, ticket)
    return to_receipt


def _held(offer: Offer) -> Form:
    """Return the form this browser is in the middle of, or a fresh one."""
    ticket = held_ticket(offer)
    draft = queries.find_draft(db.session, ticket.key) if ticket else None
    if ticket is None or (draft is None and offer.is_open(clock.now())):
        return Form(offer, fresh_ticket(offer), {})
    return Form(offer, ticket, draft or {})


def _save(form: Form) -> ResponseReturnValue:
    drafts.keep_for_return(db.session, ticket=form.ticket)
    hold_ticket(form.ticket)
    if keeps_cookies():
        return redirect(url_for("take_part.saved", slug=form.offer.slug, code=form.offer.code), 303)
    return saved_page(form.offer, form.ticket)


def _page_of(form: Form, code: str) -> QuestionPage:
    return form.version.definition.page(code) or abort(404)


def _checking(offer: Offer) -> str:
    return url_for("take_part.check", slug=offer.slug, code=offer.code)
