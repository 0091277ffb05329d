"""One page from an emerging issue to an open consultation."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import areas, places
from engage.consultations import quick
from engage.consultations.quick import MOST_QUESTIONS
from engage.consultations.quick_forms import QuickForm, starting_values
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.shipped import privacy_notice
from engage.timetable.duties import queries as duties

pages = Pages("officer_quick", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")


@pages.route("/emerging", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Ask for everything that opening demands, and open: all of it or nothing."""
    now = clock.now()
    notice = privacy_notice()
    form = QuickForm(
        organisation=current_app.config["SETTINGS"].authority,
        areas=places(db.session),
        duties=duties.choices(db.session, clock.today()),
        places=[Option(area.code, area.name) for area in areas(db.session)],
        privacy_notice=notice,
        now=now,
        data=starting_values(clock.today()),
    )
    if form.validate_on_submit():
        with refusals_beside(form):
            opened = quick.open_issue(db.session, actor=current_user.label, now=now, issue=form.issue())
            flash(_("The consultation is open. Pass its address on."))
            return redirect(url_for("officer_consultations.show", slug=opened.slug))
    page = render_template(
        "consultations/officer/emerging.html",
        form=form,
        questions=[form.question_fields(number) for number in range(1, MOST_QUESTIONS + 1)],
        notice=notice,
    )
    return page, (INVALID if form.is_submitted() else 200)
