"""The gates before a consultation counts as decided, and exceptions from them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.plan_export.deciding import gates, reports
from engage.plan_export.forms import ExceptionForm
from engage.plan_export.rules import GATES, Gate

pages = Pages(
    "decision_gates",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)


@pages.get("/<slug>/gates")
def show(slug: str) -> ResponseReturnValue:
    """Show each gate: passed, or what is missing in plain words."""
    consultation = get_consultation(db.session, slug)
    return render_template(
        "plan_export/officer/gates.html",
        consultation=consultation,
        standings=gates.standing(db.session, consultation.id),
        open_to_change=consultation.state in reports.DECIDABLE,
    )


@pages.route("/<slug>/gates/<name>", methods=["GET", "POST"])
def sign(slug: str, name: str) -> ResponseReturnValue:
    """Sign an exception from one gate."""
    consultation = get_consultation(db.session, slug)
    if name not in set(Gate):
        abort(404)
    gate = Gate(name)
    form = ExceptionForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            gates.sign(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation=consultation,
                gate=gate,
                signed_by=form.signed_by.data or "",
                reason=form.reason.data or "",
            )
            flash(_("The exception from “%(gate)s” is signed.", gate=GATES[gate]))
            return redirect(url_for(".show", slug=slug))
    consultation = get_consultation(db.session, slug)
    standing = next(each for each in gates.standing(db.session, consultation.id) if each.gate is gate)
    page = render_template(
        "plan_export/officer/sign.html", consultation=consultation, standing=standing, form=form
    )
    return page, (INVALID if form.is_submitted() else 200)
