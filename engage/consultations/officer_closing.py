"""Giving people longer to answer, and saying whether children may."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations import extending, queries, rules
from engage.consultations.children import let_children_answer
from engage.consultations.extending import NewDates
from engage.consultations.forms import ChildrenForm, ExtendForm
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable.queries import get_listed
from engage.timetable.rules import closing_after, closing_said

pages = Pages("officer_closing", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")


@pages.route("/<slug>/extend", methods=["GET", "POST"])
def extend(slug: str) -> ResponseReturnValue:
    """Let people answer for longer, with a reason that is published."""
    consultation = queries.get_consultation(db.session, slug)
    consultation_id = consultation.id
    entry = get_listed(db.session, slug)
    form = ExtendForm(obj=entry)
    if form.validate_on_submit():
        with refusals_beside(form):
            extending.extend(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation_id,
                dates=_dates(form),
                reason=form.reason.data or "",
            )
            flash(_("People can answer for longer. The new last day and the reason are published."))
            return redirect(url_for("officer_consultations.show", slug=slug))
    page = render_template(
        "consultations/officer/extend.html",
        form=form,
        slug=slug,
        title=entry.title,
        last_day=closing_said(consultation.closes_at),
        may_extend=rules.is_open(consultation.state, consultation.closes_at, clock.now()),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<slug>/children", methods=["GET", "POST"])
def children(slug: str) -> ResponseReturnValue:
    """Say whether children may answer."""
    consultation = queries.get_consultation(db.session, slug)
    consultation_id, title = consultation.id, consultation.title
    form = ChildrenForm(obj=consultation)
    if form.validate_on_submit():
        with refusals_beside(form):
            let_children_answer(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation_id,
                may=form.children_may_answer.data,
            )
            flash(_("Saved."))
            return redirect(url_for("officer_consultations.show", slug=slug))
    page = render_template("consultations/officer/children.html", form=form, slug=slug, title=title)
    return page, (INVALID if form.is_submitted() else 200)


def _dates(form: ExtendForm) -> NewDates:
    assert form.last_day.data is not None
    return NewDates(
        closes_at=closing_after(form.last_day.data),
        decision_due_on=form.decision_due_on.data,
        feedback_due_on=form.feedback_due_on.data,
        feedback_late_reason=form.feedback_late_reason.data or "",
    )
