"""The optional equality questions, asked of somebody whose answers are stored already."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID
from engage.questionnaires.definitions import read_answers
from engage.questionnaires.shipped import equality_block
from engage.responses import queries, service
from engage.responses.public.blueprint import pages
from engage.responses.queries import StoredResponse


@pages.get("/<slug>/about-you")
def about_you(slug: str) -> ResponseReturnValue:
    """Show the optional equality questions to somebody whose answers are stored."""
    stored = _own_response(slug)
    given = {code: [chosen] for code, chosen in (stored.equality or {}).get("answers", {}).items()}
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


def _own_response(slug: str) -> StoredResponse:
    code = (browser.get("receipts") or {}).get(slug) or abort(404)
    return queries.find_by_receipt(db.session, service.receipt_hash(code)) or abort(404)
