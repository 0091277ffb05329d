"""Saving a form of several pages for later, without an account: the return code, and coming back with it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.language import _, lazy
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.tokens import tidy_code
from engage.foundations.tries import MOST, count_try, forget_try
from engage.responses import queries
from engage.responses.drafts import return_code, return_hash
from engage.responses.forms import MailCodeForm, ReturnForm
from engage.responses.mails import mail_return_code
from engage.responses.public.age import refuse_childs_address
from engage.responses.public.begun import Form
from engage.responses.public.blueprint import (
    DRAFTS,
    held_ticket,
    is_from_elsewhere,
    keeps_cookies,
    let_go,
    offer_of,
    pages,
    sent_ticket,
)
from engage.responses.public.rendering import saved_page

# One connection in a quarter of an hour: enough for a household, too few to pester anybody.
MOST_MAILS = 6
UNKNOWN = lazy("We have no saved form with this return code. Check each letter and number.")


@pages.route("/<slug>/<code>/saved-for-later", methods=["GET", "POST"])
def saved(slug: str, code: str) -> ResponseReturnValue:
    """Show the return code of the form this browser saved, and send it by email to whoever asks."""
    offer = offer_of(slug, code)
    ticket = sent_ticket(offer) or held_ticket(offer)
    if ticket is None or not queries.is_saved(db.session, ticket.key):
        return redirect(url_for("take_part.form", slug=slug, code=code), 303)
    form = MailCodeForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            refuse_childs_address(offer)
            _count("return mail", most=MOST_MAILS, field="address")
            mail_return_code(
                db.session,
                offer=offer,
                code=return_code(ticket),
                address=form.address.data or "",
                now=clock.now(),
            )
            flash(_("We have sent the code. It should arrive within a few minutes."))
            if keeps_cookies():
                return redirect(url_for("take_part.saved", slug=slug, code=code), 303)
            return saved_page(offer, ticket)
    return saved_page(offer, ticket, form), (INVALID if form.is_submitted() else 200)


@pages.post("/<slug>/<code>/forget-here")
def forget_here(slug: str, code: str) -> ResponseReturnValue:
    """Forget the form in this browser; its return code leads back to it."""
    let_go(offer_of(slug, code))
    flash(_("This device no longer holds the form. Your return code leads back to it."))
    return redirect(url_for("take_part.start", slug=slug), 303)


@pages.route("/return", methods=["GET", "POST"])
def come_back() -> ResponseReturnValue:
    """Lead whoever has a return code to the first page of their form that is not finished."""
    form = ReturnForm()
    # Nobody else's page may lead this browser into a form that somebody else holds the code of.
    if not is_from_elsewhere() and form.validate_on_submit():
        with refusals_beside(form):
            return _go_on(tidy_code(form.code.data or ""))
    # So that it is known, when the code comes, whether the browser keeps its cookie.
    browser.setdefault(DRAFTS, {})
    page = render_template("responses/public/return.html", form=form)
    return page, INVALID if form.is_submitted() else 200


def _go_on(code: str) -> ResponseReturnValue:
    caller = _count("return code", field="code")
    found = queries.find_saved(db.session, return_hash(code))
    if found is None:
        raise Refused(UNKNOWN, "code")
    forget_try(db.session, purpose="return code", caller=caller, now=clock.now())
    offer = offer_of(found.slug, found.code)
    form = Form(offer, found.ticket, queries.find_draft(db.session, found.ticket.key) or {})
    if not form.is_taken:
        return redirect(url_for("take_part.start", slug=offer.slug), 303)
    return form.lead(form.unfinished)


def _count(purpose: str, *, field: str, most: int = MOST) -> str:
    """Write down that somebody tried, even if nothing comes of it, and return who, as tries know them."""
    caller = request.remote_addr or ""
    with transaction(db.session) as session:
        count_try(session, purpose=purpose, caller=caller, now=clock.now(), most=most, field=field)
    return caller
