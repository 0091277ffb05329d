"""Feedback by post, for officers: addresses, letters to print, and the day they were posted."""

from __future__ import annotations

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation
from engage.feedback.figures import figures
from engage.feedback.ledger import letters, post
from engage.feedback.ledger.forms import PostalFileForm, PostalForm, PostedForm, PressForm
from engage.feedback.ledger.letters import Shape
from engage.feedback.ledger.post import Slip
from engage.feedback.models import PostBatch
from engage.feedback.queries import find_feedback, get_published
from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.language import _, lazy, plural
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.tables.limits import MOST_BYTES

pages = Pages(
    "officer_post",
    __name__,
    admits=Audience.OFFICERS,
    url_prefix="/officer/consultations/<slug>/feedback/post",
)


@pages.route("", methods=["GET", "POST"])
def index(slug: str) -> ResponseReturnValue:
    """Show the letters, and take an address from a paper slip."""
    consultation = get_consultation(db.session, slug)
    form = PostalForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            slip = Slip(form.name.data or "", form.lines.data or "", form.postcode.data or "")
            _add(consultation, [slip], form)
            return redirect(url_for(".index", slug=slug), 303)
    return _shown(consultation, form=form)


@pages.post("/file")
def add_file(slug: str) -> ResponseReturnValue:
    """Take a file of addresses, in whole or not at all."""
    consultation = get_consultation(db.session, slug)
    form = PostalFileForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            if not form.file.data:
                raise Refused(lazy("Choose a file."), "file")
            _add(consultation, post.slips_of(form.file.data.stream.read(MOST_BYTES + 1)), form)
            return redirect(url_for(".index", slug=slug), 303)
    return _shown(get_consultation(db.session, slug), file_form=form)


@pages.post("/batches")
def make_batch(slug: str) -> ResponseReturnValue:
    """Take the letters that are due to be printed together."""
    _consultation, feedback = get_published(db.session, slug)
    press = PressForm()
    if press.validate_on_submit():
        with refusals_beside(press):
            batch = post.make_batch(
                db.session, actor=current_user.label, now=clock.now(), feedback_id=feedback.id
            )
            flash(
                plural(
                    "%(num)s letter is ready to print.", "%(num)s letters are ready to print.", batch.letters
                )
            )
            return redirect(url_for(".index", slug=slug), 303)
    return _shown(get_consultation(db.session, slug), press=press)


@pages.route("/batches/<int:batch_id>/posted", methods=["GET", "POST"])
def posted(slug: str, batch_id: int) -> ResponseReturnValue:
    """Take the day on which the letters were posted."""
    consultation, batch = _batch(slug, batch_id)
    form = PostedForm(posted_on=clock.today())
    if form.validate_on_submit() and form.posted_on.data:
        with refusals_beside(form):
            post.mark_posted(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                batch_id=batch_id,
                posted_on=form.posted_on.data,
            )
            flash(_("The letters are marked as posted."))
            return redirect(url_for(".index", slug=slug), 303)
    page = render_template("feedback/officer/posted.html", consultation=consultation, batch=batch, form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/batches/<int:batch_id>/<name>")
def file(slug: str, batch_id: int, name: str) -> ResponseReturnValue:
    """The letters, or the labels, of a batch as a PDF."""
    consultation, batch = _batch(slug, batch_id)
    shape = next((shape for shape in Shape if f"{shape.value}.pdf" == name), None)
    if shape is None:
        abort(404)
    settings = current_app.config["SETTINGS"]
    people = post.in_batch(db.session, batch.id)
    decided = figures(db.session, consultation.id, threshold=settings.disclosure_threshold)
    title, made_at = consultation.title, batch.made_at
    if not people:
        return _unprinted(slug, _("The addresses of these letters were deleted."))
    # The printer takes seconds: no connection is held meanwhile.
    db.session.rollback()
    try:
        made = letters.print_letters(
            shape,
            people,
            title=title,
            authority=settings.authority,
            address=address_of("feedback.show", slug=slug),
            figures=decided,
            made_at=made_at,
        )
    except Refused as refusal:
        return _unprinted(slug, str(refusal.message))
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{batch_id}-{name}"'
    return answer


def _add(consultation: Consultation, slips: list[Slip], form: PostalForm | PostalFileForm) -> None:
    left_on = form.left_on.data if isinstance(form, PostalForm) else None
    added = post.add_slips(
        db.session,
        actor=current_user.label,
        now=clock.now(),
        consultation_id=consultation.id,
        slips=slips,
        left_on=left_on or clock.today(),
    )
    if added:
        flash(plural("%(num)s address is added.", "%(num)s addresses are added.", added))
    else:
        flash(_("This was here already: nothing is added."))


def _batch(slug: str, batch_id: int) -> tuple[Consultation, PostBatch]:
    consultation, feedback = get_published(db.session, slug)
    return consultation, post.get_batch(db.session, feedback.id, batch_id)


def _unprinted(slug: str, reason: str) -> ResponseReturnValue:
    return render_template("feedback/officer/unprinted.html", slug=slug, reason=reason), INVALID


def _shown(
    consultation: Consultation,
    *,
    form: PostalForm | None = None,
    file_form: PostalFileForm | None = None,
    press: PressForm | None = None,
) -> ResponseReturnValue:
    feedback = find_feedback(db.session, consultation.id)
    refused = next((one for one in (form, file_form, press) if one and one.is_submitted()), None)
    page = render_template(
        "feedback/officer/post.html",
        consultation=consultation,
        feedback=feedback,
        form=form or PostalForm(formdata=None),
        file_form=file_form or PostalFileForm(formdata=None),
        press=press or PressForm(formdata=None),
        refused=refused,
        addresses=post.count_postal(db.session, consultation.id),
        due=post.count_due(db.session, feedback.id) if feedback else 0,
        batches=post.batches(db.session, feedback.id) if feedback else [],
    )
    return page, (INVALID if refused else 200)
