"""Which version of a questionnaire a consultation gives out."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations import queries, service
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.questionnaires import history
from engage.questionnaires.differences import differences, incompatible

pages = Pages("officer_versions", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")


@pages.route("/<slug>/questionnaires/<code>/give-out", methods=["GET", "POST"])
def give_out(slug: str, code: str) -> ResponseReturnValue:
    """Show what is different in the newest version, and give it out from now on."""
    consultation = queries.get_consultation(db.session, slug)
    consultation_id, title = consultation.id, consultation.title
    asked = next((each for each in queries.asked(db.session, consultation_id) if each.code == code), None)
    if asked is None:
        abort(404)
    newest = history.find_newest(db.session, asked.questionnaire_code)
    given = history.get_version_by_id(db.session, asked.version_id)
    newest = newest or given
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.give_out(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation_id,
                instrument_id=asked.id,
                version_id=newest.id,
            )
            flash(_("Version %(n)s is given out from now on.", n=newest.number))
            return redirect(url_for("officer_consultations.show", slug=slug))
    page = render_template(
        "consultations/officer/give_out.html",
        form=form,
        slug=slug,
        consultation_title=title,
        asked=asked,
        given=given,
        newest=newest,
        changes=differences(given.definition, newest.definition),
        breaks=incompatible(given.definition, newest.definition),
    )
    return page, (INVALID if form.is_submitted() else 200)
