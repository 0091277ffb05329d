"""After the answers are stored: the receipt, optional equality questions, and an address for the result."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.tokens import tidy_code
from engage.questionnaires.definitions import read_answers, read_back
from engage.questionnaires.shipped import equality_block
from engage.responses import queries, service
from engage.responses.contacts import leave_contact
from engage.responses.forms import ContactForm, ReceiptForm
from engage.responses.public.blueprint import offers_of, pages, published
from engage.responses.public.rendering import receipt_page
from engage.responses.queries import StoredResponse
from engage.responses.rules import show_receipt

# A browser that holds nothing else is nobody in particular, and has nothing else to be told.
TAKING_PART = frozenset({"receipts", "via", "drafts"})


@pages.get("/<slug>/received")
def received(slug: str) -> ResponseReturnValue:
    """Show the receipt code, and offer what may follow."""
    code = (browser.get("receipts") or {}).get(slug)
    if code and browser.keys() <= TAKING_PART:
        return _unkept(receipt_page(offers_of(slug)[0], show_receipt(code)))
    return _received(slug, ContactForm())


@pages.post("/<slug>/keep-me-informed")
def keep_me_informed(slug: str) -> ResponseReturnValue:
    """Keep an address to be told what came of the consultation, apart from any response."""
    form = ContactForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            leave_contact(
                db.session,
                consultation_id=offers_of(slug)[0].consultation_id,
                address=form.address.data or "",
                today=clock.today(),
            )
            flash(_("Thank you. We will write to you when there is a result."))
            return redirect(url_for("take_part.received", slug=slug), 303)
    return _received(slug, form, INVALID)


@pages.get("/<slug>/about-you")
def about_you(slug: str) -> ResponseReturnValue:
    """Show the optional equality questions to somebody whose answers are stored."""
    stored = _own_response(slug)
    given = {code: [answer["chosen"]] for code, answer in _equality_answers(stored).items()}
    return render_template(
        "responses/public/about_you.html", slug=slug, block=equality_block(), given=given, errors={}
    )


@pages.post("/<slug>/about-you")
def tell_about_you(slug: str) -> ResponseReturnValue:
    """Add the equality answers to the response this browser holds the receipt of."""
    stored = _own_response(slug)
    block = equality_block()
    given = request.form.to_dict(flat=False)
    answers = read_answers(block.questions, given, 0)
    if answers.problems:
        errors = {problem.field: problem.message for problem in answers.problems}
        page = render_template(
            "responses/public/about_you.html", slug=slug, block=block, given=given, errors=errors
        )
        return page, INVALID
    if answers.kept:
        equality = {
            "version": block.version,
            "answers": {code: answer["chosen"] for code, answer in answers.kept.items()},
        }
        service.add_equality(db.session, response_id=stored.id, equality=equality)
        flash(_("Thank you. Your answers about yourself are stored."))
    return redirect(url_for("take_part.received", slug=slug), 303)


@pages.post("/<slug>/finish")
def finish(slug: str) -> ResponseReturnValue:
    """Forget on this device that anybody took part."""
    browser.clear()
    flash(_("This device no longer holds your receipt code."))
    return redirect(url_for("take_part.start", slug=slug), 303)


@pages.route("/receipt", methods=["GET", "POST"])
def read_receipt() -> ResponseReturnValue:
    """Show a response to whoever holds its receipt code; a wrong code tells nothing."""
    form = ReceiptForm()
    stored = None
    if form.validate_on_submit():
        code = tidy_code(form.code.data or "")
        stored = queries.find_by_receipt(db.session, service.receipt_hash(code))
        if stored is None:
            form.code.errors = [
                _("We have no response with this receipt code. Check each letter and number.")
            ]
    if stored is None:
        page = render_template("responses/public/receipt_code.html", form=form)
        return page, INVALID if form.is_submitted() else 200
    lines = read_back(published(stored.version_id).definition, stored.answers or {})
    consultation = queries.get_title(db.session, stored.consultation_id)
    return _unkept(
        render_template("responses/public/your_response.html", lines=lines, consultation=consultation)
    )


def _received(slug: str, form: ContactForm, status: int = 200) -> Response:
    offer = offers_of(slug)[0]
    code = (browser.get("receipts") or {}).get(slug)
    html = render_template(
        "responses/public/received.html",
        offer=offer,
        code=show_receipt(code) if code else None,
        form=form,
    )
    return _unkept(html, status)


def _unkept(html: str, status: int = 200) -> Response:
    """Return a page with a secret on it, which no cache may keep."""
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _own_response(slug: str) -> StoredResponse:
    code = (browser.get("receipts") or {}).get(slug) or abort(404)
    return queries.find_by_receipt(db.session, service.receipt_hash(code)) or abort(404)


def _equality_answers(stored: StoredResponse) -> dict[str, dict[str, str]]:
    answers = (stored.equality or {}).get("answers", {})
    return {code: {"chosen": chosen} for code, chosen in answers.items()}
