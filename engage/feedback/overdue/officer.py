"""Late feedback, for officers: say why, and when it will come."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.feedback.overdue import queries, service
from engage.feedback.overdue.forms import DelayForm
from engage.feedback.overdue.rules import LONGEST_REASON
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside

pages = Pages(
    "officer_overdue",
    __name__,
    admits=Audience.OFFICERS,
    url_prefix="/officer/consultations/<slug>/feedback/late",
)


@pages.route("", methods=["GET", "POST"])
def explain(slug: str) -> ResponseReturnValue:
    """Take the reason and a new day, both to be published."""
    consultation = get_consultation(db.session, slug)
    form = DelayForm()
    if form.validate_on_submit() and form.expected_on.data:
        with refusals_beside(form):
            service.explain(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation.id,
                expected_on=form.expected_on.data,
                reason=form.reason.data or "",
            )
            flash(_("The reason and the new day are published."))
            return redirect(url_for("officer_feedback.edit", slug=slug), 303)
    page = render_template(
        "feedback/officer/late.html",
        consultation=consultation,
        owed=queries.find_owed(db.session, slug, clock.today()),
        form=form,
        longest=LONGEST_REASON,
    )
    return page, (INVALID if form.is_submitted() else 200)
