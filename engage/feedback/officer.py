"""Feedback, to write, preview, approve and publish; and the ledger of who has it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.feedback import queries, rules, service, wording
from engage.feedback.drafting import starting_texts
from engage.feedback.filling import filled
from engage.feedback.forms import ApproveForm, FeedbackForm, PublishForm, SubmitForm
from engage.feedback.labels import OUTCOMES, PARTS
from engage.feedback.models import Feedback
from engage.feedback.placeholders import Facts, placeholders
from engage.feedback.public import facts_for, shown
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, may, refusals_beside
from engage.questionnaires.advice import Advice
from engage.responses.contacts import count_contacts_owed

pages = Pages(
    "officer_feedback",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/consultations",
)


@pages.route("/<slug>/feedback", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Write the parts with the decisions in view; empty parts start from the figures."""
    consultation = get_consultation(db.session, slug)
    feedback = queries.find_feedback(db.session, consultation.id)
    facts = facts_for(consultation)
    form = FeedbackForm(obj=feedback or starting_texts(facts.figures))
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
                easy_read=form.easy_read.data or "",
                facts=facts,
            )
            if request.form.get("then") == "preview":
                return redirect(url_for(".preview", slug=slug))
            flash(_("The draft is saved. Nobody else can see it yet."))
            return redirect(url_for(".edit", slug=slug))
    return _written(consultation, feedback, facts, form)


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


@pages.post("/<slug>/feedback/submit")
def submit(slug: str) -> ResponseReturnValue:
    """Ask a second person to approve what was saved."""
    consultation = get_consultation(db.session, slug)
    form = SubmitForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.submit(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation.id,
                person_id=current_user.id,
            )
            flash(_("Submitted. Somebody else can now read and approve it."))
            return redirect(url_for(".edit", slug=slug))
    for message in form.form_errors:
        flash(str(message), "error")
    return redirect(url_for(".edit", slug=slug))


@pages.route("/<slug>/feedback/approve", methods=["GET", "POST"])
def approve(slug: str) -> ResponseReturnValue:
    """Show all of it, with what could be plainer, to a second person who approves it."""
    consultation = get_consultation(db.session, slug)
    feedback = queries.find_feedback(db.session, consultation.id)
    if feedback is None:
        return redirect(url_for(".edit", slug=slug))
    form = ApproveForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.approve(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation.id,
                person_id=current_user.id,
                read=form.read.data or "",
            )
            flash(_("Approved. It can be published now."))
            return redirect(url_for(".publish", slug=slug))
    form.read.data = service.digest(feedback)
    facts = facts_for(consultation)
    page = render_template(
        "feedback/officer/approve.html",
        consultation=consultation,
        feedback=feedback,
        text=filled(feedback, facts),
        form=form,
        own=feedback.submitted_by == current_user.id,
        advice=_advice(feedback, facts),
        PARTS=PARTS,
    )
    return page, (INVALID if form.is_submitted() else 200)


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
            return redirect(url_for("officer_ledger.show", slug=slug))
    page = render_template(
        "feedback/officer/publish.html",
        consultation=consultation,
        form=form,
        missing=rules.missing_to_publish(queries.readiness(db.session, consultation)),
        addresses=count_contacts_owed(db.session, consultation.id),
    )
    return page, (INVALID if form.is_submitted() else 200)


def _written(
    consultation: Consultation, feedback: Feedback | None, facts: Facts, form: FeedbackForm
) -> ResponseReturnValue:
    standing = queries.readiness(db.session, consultation)
    page = render_template(
        "feedback/officer/edit.html",
        consultation=consultation,
        feedback=feedback,
        figures=facts.figures,
        placeholders=placeholders(facts),
        advice=_advice(feedback, facts) if feedback else (),
        PARTS=PARTS,
        outcomes=OUTCOMES,
        form=form,
        submitting=SubmitForm(formdata=None),
        missing=rules.missing_to_submit(standing),
        standing=standing,
        own=feedback is not None and feedback.submitted_by == current_user.id,
        longest=rules.LONGEST_PART,
    )
    return page, (INVALID if form.is_submitted() else 200)


def _advice(feedback: Feedback, facts: Facts) -> tuple[Advice, ...]:
    parts = {name: getattr(feedback, name) for name in PARTS}
    return wording.advise({name: text for name, text in parts.items() if text}, facts)
