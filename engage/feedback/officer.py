"""Feedback, to write, preview and publish; and the ledger of who has it."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.feedback import queries, rules, service
from engage.feedback.drafting import starting_texts
from engage.feedback.figures import Figure, figures
from engage.feedback.forms import FeedbackForm, PublishForm
from engage.feedback.labels import DELIVERIES, OUTCOMES
from engage.feedback.models import Feedback
from engage.feedback.public import shown
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import Audience, Pages, may, refusals_beside
from engage.responses.contacts import count_contacts_owed

pages = Pages(
    "officer_feedback",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)

FURTHEST_PAGE = 1_000_000


@pages.route("/<slug>/feedback", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Write the three parts with the decisions in view; empty parts start from the figures."""
    consultation = get_consultation(db.session, slug)
    feedback = queries.find_feedback(db.session, consultation.id)
    decided = _figures(consultation)
    form = FeedbackForm(obj=feedback or starting_texts(decided))
    if form.validate_on_submit():
        with refusals_beside(form):
            service.save_feedback(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation.id,
                said=form.said.data or "",
                decided=form.decided.data or "",
                reconciled=form.reconciled.data or "",
            )
            if request.form.get("then") == "preview":
                return redirect(url_for(".preview", slug=slug))
            flash(_("The draft is saved. Nobody else can see it yet."))
            return redirect(url_for(".edit", slug=slug))
    return _written(consultation, feedback, decided, form)


@pages.get("/<slug>/feedback/preview")
def preview(slug: str) -> ResponseReturnValue:
    """Show the draft as everybody will see it."""
    consultation = get_consultation(db.session, slug)
    feedback = queries.find_feedback(db.session, consultation.id)
    if feedback is not None:
        return shown(consultation, feedback, preview=True)
    if may("officer_feedback.edit"):
        return redirect(url_for(".edit", slug=slug))
    flash(_("No feedback has been written yet."))
    return redirect(url_for("officer_consultations.show", slug=slug))


@pages.route("/<slug>/feedback/publish", methods=["GET", "POST"])
def publish(slug: str) -> ResponseReturnValue:
    """Ask once more, say how many addresses will get it, and publish."""
    consultation = get_consultation(db.session, slug)
    form = PublishForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.publish(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation.id,
                person_id=current_user.id,
            )
            flash(_("The feedback is published, and is on its way to everybody who asked for it."))
            return redirect(url_for(".ledger", slug=slug))
    page = render_template(
        "feedback/officer/publish.html",
        consultation=consultation,
        form=form,
        missing=rules.missing_to_publish(queries.readiness(db.session, consultation)),
        addresses=count_contacts_owed(db.session, consultation.id),
    )
    return page, (422 if form.is_submitted() else 200)


@pages.get("/<slug>/feedback/ledger", admits=Audience.OFFICERS)
def ledger(slug: str) -> ResponseReturnValue:
    """Show who is owed the feedback, by which route, and whether it came."""
    consultation, feedback = queries.get_published(db.session, slug)
    number = min(request.args.get("page", default=1, type=int), FURTHEST_PAGE)
    return render_template(
        "feedback/officer/ledger.html",
        consultation=consultation,
        feedback=feedback,
        page=queries.ledger(db.session, feedback.id, page=number),
        reach=queries.reach(db.session, feedback),
        deliveries=DELIVERIES,
    )


def _written(
    consultation: Consultation, feedback: Feedback | None, decided: list[Figure], form: FeedbackForm
) -> ResponseReturnValue:
    page = render_template(
        "feedback/officer/edit.html",
        consultation=consultation,
        feedback=feedback,
        figures=decided,
        outcomes=OUTCOMES,
        form=form,
        missing=rules.missing_to_publish(queries.readiness(db.session, consultation)),
        longest=rules.LONGEST_PART,
    )
    return page, (422 if form.is_submitted() else 200)


def _figures(consultation: Consultation) -> list[Figure]:
    threshold = current_app.config["SETTINGS"].disclosure_threshold
    return figures(db.session, consultation.id, threshold=threshold)
