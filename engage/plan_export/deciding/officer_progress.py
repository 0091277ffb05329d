"""How far a decision has come: officers say it, everybody reads it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.plan_export.deciding import progress
from engage.plan_export.forms import ProgressForm
from engage.plan_export.queries import get_decision, label_of
from engage.plan_export.rules import OUTCOMES, STANDINGS, TOLD

pages = Pages(
    "decision_progress",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)


@pages.route("/<slug>/decisions/<code>/progress", methods=["GET", "POST"])
def add(slug: str, code: str) -> ResponseReturnValue:
    """Say how far a decision has come, beneath what was said before."""
    consultation = get_consultation(db.session, slug)
    decision = get_decision(db.session, consultation.id, code)
    label = label_of(db.session, consultation, decision)
    form = ProgressForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            progress.record(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                decision_id=decision.id,
                standing=form.standing.data,
                said=form.said.data or "",
            )
            flash(_("The progress of “%(priority)s” is published.", priority=label))
            return redirect(url_for("decisions.index", slug=slug))
    consultation = get_consultation(db.session, slug)
    decision = get_decision(db.session, consultation.id, code)
    page = render_template(
        "plan_export/officer/progress.html",
        consultation=consultation,
        decision=decision,
        label=label,
        told=progress.of(db.session, [decision.id]).get(decision.id, ()),
        told_once=consultation.state in TOLD,
        OUTCOMES=OUTCOMES,
        STANDINGS=STANDINGS,
        form=form,
    )
    return page, (INVALID if form.is_submitted() else 200)
