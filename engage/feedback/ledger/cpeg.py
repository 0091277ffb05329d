"""A coordinator's feedback: what came of the consultations their group was part of, to pass on."""

from __future__ import annotations

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.analysis import disclosure
from engage.analysis.queries import evidence_folder
from engage.distribution.queries import family
from engage.feedback.labels import OUTCOMES
from engage.feedback.ledger import cascade, pack
from engage.feedback.ledger.cascade import Told
from engage.feedback.ledger.forms import ConfirmForm
from engage.feedback.ledger.results import Result, result_of
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.settings import Settings

pages = Pages(
    "coordinator_feedback", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/feedback"
)


@pages.get("")
def index() -> ResponseReturnValue:
    """List every result that is to be passed on, of the coordinator's group and of those below it."""
    told = cascade.owed_to(db.session, family(db.session, current_user.group_id))
    return render_template("feedback/cpeg/index.html", told=told)


@pages.route("/<int:delivery_id>", methods=["GET", "POST"])
def show(delivery_id: int) -> ResponseReturnValue:
    """Show the result in short with the borough's figures and a pack, and take that it was passed on."""
    own = family(db.session, current_user.group_id)
    told = cascade.get_told(db.session, delivery_id, group_ids=own)
    form = ConfirmForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            cascade.confirm(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                delivery_id=delivery_id,
                group_ids=own,
                name=current_user.name,
                how=form.how.data or "",
            )
            flash(_("Thank you. It is written down that your group told its members."))
            return redirect(url_for(".show", delivery_id=delivery_id), 303)
    return _shown(told, form)


@pages.get("/<int:delivery_id>/<name>")
def file(delivery_id: int, name: str) -> ResponseReturnValue:
    """One sheet of the pack."""
    told = cascade.get_told(db.session, delivery_id, group_ids=family(db.session, current_user.group_id))
    result = _result(told)
    # The printer takes seconds: no connection is held meanwhile.
    db.session.rollback()
    try:
        made = pack.sheet(result, name, made_at=clock.now())
    except Refused as refusal:
        return render_template("feedback/cpeg/no_sheet.html", told=told, reason=refusal.message), INVALID
    if made is None:
        abort(404)
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{told.slug}-{name}"'
    return answer


def _shown(told: Told, form: ConfirmForm) -> ResponseReturnValue:
    result = _result(told)
    page = render_template(
        "feedback/cpeg/show.html",
        told=told,
        form=form,
        result=result,
        texts=pack.texts(result),
        sheets=pack.SHEETS,
        outcomes=OUTCOMES,
        rule=disclosure.rule(current_app.config["SETTINGS"].disclosure_threshold),
    )
    return page, (INVALID if form.is_submitted() else 200)


def _result(told: Told) -> Result:
    settings: Settings = current_app.config["SETTINGS"]
    return result_of(
        db.session,
        told,
        authority=settings.authority,
        folder=evidence_folder(settings),
        threshold=settings.disclosure_threshold,
    )
