"""What became of one's own priorities, for whoever holds a receipt code.

The code comes in the body of a POST and is in no address, nothing is kept in the browser, and the answer is
never cached: the next person at the same device finds nothing. A code that is wrong, or of answers that were
withdrawn, is answered in the same words after the same look-up, and counted as a guess.
"""

from __future__ import annotations

from flask import Response, current_app, make_response, render_template, request

from engage.analysis import disclosure
from engage.analysis.queries import evidence_folder
from engage.desks.mine import mine
from engage.feedback.labels import OUTCOMES
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.tokens import tidy_code
from engage.foundations.tries import count_try, forget_try
from engage.plan_export.rules import STANDINGS
from engage.responses import queries, service
from engage.responses.forms import ReceiptForm
from engage.responses.public.blueprint import is_from_elsewhere
from engage.responses.public.changing import GUESSING, UNKNOWN
from engage.responses.queries import StoredResponse

pages = Pages("mine", __name__, admits=Audience.EVERYBODY)


@pages.get("/your-priorities")
def show() -> Response:
    """Ask for a receipt code."""
    return _unkept(render_template("desks/public/mine_code.html", form=ReceiptForm()))


@pages.post("/your-priorities")
def read() -> Response:
    """Show what the holder of a receipt code named and what became of it."""
    form = ReceiptForm()
    stored = _find(form)
    if stored is None:
        return _unkept(render_template("desks/public/mine_code.html", form=form), INVALID)
    settings = current_app.config["SETTINGS"]
    threshold = settings.disclosure_threshold
    page = render_template(
        "desks/public/mine.html",
        mine=mine(db.session, stored, folder=evidence_folder(settings), threshold=threshold),
        outcomes=OUTCOMES,
        STANDINGS=STANDINGS,
        rule=disclosure.rule(threshold),
        trace="plan.priority" in current_app.view_functions,
    )
    return _unkept(page)


def _find(form: ReceiptForm) -> StoredResponse | None:
    """Return the response whose code was sent, or None with the reason beside the field."""
    if is_from_elsewhere() or not form.validate_on_submit():
        return None
    caller, now = request.remote_addr or "", clock.now()
    found: StoredResponse | None = None
    with refusals_beside(form):
        # Committed at once: an answer that refuses is rolled back, and the guess must be remembered.
        with transaction(db.session):
            count_try(db.session, purpose=GUESSING, caller=caller, now=now, field="code")
        found = queries.find_by_receipt(db.session, service.receipt_hash(tidy_code(form.code.data or "")))
        if found is None or found.withdrawn:
            raise Refused(UNKNOWN, "code")
        forget_try(db.session, purpose=GUESSING, caller=caller, now=now)
    return None if form.errors else found


def _unkept(html: str, status: int = 200) -> Response:
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response
