"""After the answers are stored: the receipt, and an address to be told what came of it."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _, lazy
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.refusals import Refused
from engage.responses.contacts import leave_contact
from engage.responses.forms import ContactForm
from engage.responses.public.age import may_leave_address, refuse_childs_address
from engage.responses.public.blueprint import TAKING_PART, forget_person, offers_of, pages
from engage.responses.public.rendering import receipt_page
from engage.responses.queries import Offer
from engage.responses.rules import show_receipt

WE_WILL_WRITE = lazy("Thank you. We will write to you when there is a result.")
WE_WILL_WRITE_LATER = lazy("Thank you. We will write to you when more is done about it.")
TOLD_ALREADY = lazy(
    "What came of it is published: you find it under Results. Tick “Tell me later, too” to hear what is done."
)


@pages.get("/<slug>/received")
def received(slug: str) -> ResponseReturnValue:
    """Show the receipt code, and offer what may follow."""
    offer = offers_of(slug)[0]
    code = (browser.get("receipts") or {}).get(slug)
    # A browser that holds nothing else is nobody in particular, and has nothing else to be told.
    if code and browser.keys() <= TAKING_PART and not offer.children_may_answer:
        return _unkept(receipt_page(offer, show_receipt(code)))
    return _received(offer, ContactForm())


@pages.post("/<slug>/keep-me-informed")
def keep_me_informed(slug: str) -> ResponseReturnValue:
    """Keep an address to be told what came of the consultation, apart from any response."""
    offer = offers_of(slug)[0]
    form = ContactForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            refuse_childs_address(offer)
            wants_updates = bool(form.wants_updates.data)
            told = offer.state is State.FED_BACK
            if told and not wants_updates:
                raise Refused(TOLD_ALREADY, "address")
            leave_contact(
                db.session,
                consultation_id=offer.consultation_id,
                address=form.address.data or "",
                today=clock.today(),
                wants_updates=wants_updates,
            )
            flash(WE_WILL_WRITE_LATER if told else WE_WILL_WRITE)
            return redirect(url_for("take_part.received", slug=slug), 303)
    return _received(offer, form, INVALID)


@pages.post("/<slug>/finish")
def finish(slug: str) -> ResponseReturnValue:
    """Forget on this device that anybody took part."""
    forget_person()
    flash(_("This device no longer holds your receipt code."))
    return redirect(url_for("take_part.start", slug=slug), 303)


def _received(offer: Offer, form: ContactForm, status: int = 200) -> Response:
    code = (browser.get("receipts") or {}).get(offer.slug)
    html = render_template(
        "responses/public/received.html",
        offer=offer,
        code=show_receipt(code) if code else None,
        asks_address=may_leave_address(offer),
        form=form,
    )
    return _unkept(html, status)


def _unkept(html: str, status: int = 200) -> Response:
    """Return a page with a secret on it, which no cache may keep."""
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response
