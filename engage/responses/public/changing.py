"""With a receipt code: read one's answers, change them until the closing, withdraw them.

These pages have no account and no token against forged requests, and need none: nothing here is decided by
what the browser holds. Each form carries the receipt code itself in its body, and another site that could
send the code would not have to forge anything. What such a site could do is send a code of its own, so that
somebody writes into its author's response: that is why a browser that says another site made it send the
form is only asked for the code. A code that is wrong, of another consultation or never given out is answered
in the same words after the same look-up; guesses are counted by address. The code is never part of an
address, so no history, log or referrer has it.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.language import lazy
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.tokens import tidy_code
from engage.foundations.tries import count_try, forget_try
from engage.questionnaires.definitions import read_back
from engage.responses import drafts, queries, service
from engage.responses.forms import ReceiptForm
from engage.responses.progress import fields_of
from engage.responses.public.begun import Form
from engage.responses.public.blueprint import is_from_elsewhere, offer_of, pages, published
from engage.responses.public.form import one_page
from engage.responses.queries import StoredResponse
from engage.responses.refilling import refilled, rotation_of
from engage.responses.tickets import change_ticket

GUESSING = "receipt code"
UNKNOWN = lazy("We have no response with this receipt code. Check each letter and number.")


@pages.get("/receipt")
def read_receipt() -> ResponseReturnValue:
    """Ask for a receipt code."""
    return _ask(ReceiptForm())


@pages.post("/receipt")
def show_response() -> ResponseReturnValue:
    """Show a response to whoever holds its receipt code; a wrong code tells nothing."""
    form = ReceiptForm()
    stored = _find(form)
    return _ask(form) if stored is None else _show(stored, form)


@pages.post("/receipt/change")
def change() -> ResponseReturnValue:
    """Lead the holder of a receipt code back to the form, with every answer filled in.

    Sent, it becomes the next revision of the same response, on the version that was answered then.
    """
    form = ReceiptForm()
    stored = _find(form)
    if stored is None:
        return _ask(form)
    if stored.answers is None or not stored.may_change(clock.now()):
        return _show(stored, form, INVALID)
    offer, version = offer_of(stored.slug, stored.code), published(stored.version_id)
    ticket = change_ticket(
        instrument_id=stored.instrument_id,
        version_id=stored.version_id,
        rotation=rotation_of(stored.answers),
        key=service.receipt_hash(_code(form)),
        now=clock.now(),
    )
    written = refilled(version.definition, stored.answers)
    if len(version.definition.pages) == 1:
        return one_page(offer, version, ticket, fields_of(written))
    # Begun anew: what an earlier attempt to change it left behind is not what is stored.
    drafts.forget_draft(db.session, ticket)
    for page, fields in written.items():
        held = drafts.hold_draft(db.session, ticket)
        drafts.keep_draft(db.session, ticket=ticket, held=held, page=page, fields=fields, now=clock.now())
    return Form(offer, ticket, written).lead(None)


@pages.get("/receipt/changed")
def changed() -> ResponseReturnValue:
    """Say that the changed answers are the ones that count. It tells nothing of anybody."""
    return render_template("responses/public/changed.html")


@pages.post("/receipt/withdraw")
def withdraw() -> ResponseReturnValue:
    """Ask the holder of a receipt code whether to withdraw the response, and withdraw it."""
    form = ReceiptForm()
    stored = _find(form)
    if stored is None:
        return _ask(form)
    if not stored.may_withdraw:
        return _show(stored, form, INVALID)
    if "sure" not in request.form:
        return render_template("responses/public/withdraw.html", stored=stored, code=_code(form))
    with refusals_beside(form):
        service.withdraw(db.session, response_id=stored.id)
    if form.errors:
        return _show(stored, form, INVALID)
    return redirect(url_for("take_part.withdrawn"), 303)


@pages.get("/receipt/withdrawn")
def withdrawn() -> ResponseReturnValue:
    """Say that the answers count no more. It tells nothing of anybody."""
    return render_template("responses/public/withdrawn.html")


def _find(form: ReceiptForm) -> StoredResponse | None:
    """Return the response whose code was sent, or None with the reason beside the field."""
    if is_from_elsewhere() or not form.validate_on_submit():
        return None
    caller, now = request.remote_addr or "", clock.now()
    stored: StoredResponse | None = None
    with refusals_beside(form):
        # Committed at once: an answer that refuses is rolled back, and the guess must be remembered.
        with transaction(db.session):
            count_try(db.session, purpose=GUESSING, caller=caller, now=now, field="code")
        stored = queries.find_by_receipt(db.session, service.receipt_hash(_code(form)))
        if stored is None:
            raise Refused(UNKNOWN, "code")
        forget_try(db.session, purpose=GUESSING, caller=caller, now=now)
    return stored


def _code(form: ReceiptForm) -> str:
    return tidy_code(form.code.data or "")


def _ask(form: ReceiptForm) -> ResponseReturnValue:
    page = render_template("responses/public/receipt_code.html", form=form)
    return page, INVALID if form.is_submitted() else 200


def _show(stored: StoredResponse, form: ReceiptForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "responses/public/your_response.html",
        form=form,
        stored=stored,
        lines=read_back(published(stored.version_id).definition, stored.answers or {}),
        code=_code(form),
        may_change=stored.may_change(clock.now()),
        counted=service.COUNTED,
    )
    return page, status
