"""The bank of questions: what is in it, what comes into it from a draft, and what a draft asks of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, refusals_beside
from engage.questionnaires import drafts, edits, saved
from engage.questionnaires.definitions import parse
from engage.questionnaires.officer.blueprint import pages
from engage.questionnaires.officer.forms import ConfirmForm, PlaceForm, SaveQuestionForm


@pages.get("/bank")
def bank() -> ResponseReturnValue:
    """List the questions of the bank."""
    return render_template("questionnaires/officer/bank.html", saved=saved.list_saved(db.session))


@pages.route("/bank/<int:saved_id>/remove", methods=["GET", "POST"])
def remove_saved(saved_id: int) -> ResponseReturnValue:
    """Ask whether to take a question out of the bank, and take it out."""
    kept = saved.get_saved(db.session, saved_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        saved.remove(db.session, actor=current_user.label, now=clock.now(), saved_id=saved_id)
        flash(_("The question is no longer in the bank."))
        return redirect(url_for(".bank"))
    page = render_template("questionnaires/officer/bank_remove.html", form=form, kept=kept)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/save-question", methods=["GET", "POST"])
def save_question(code: str) -> ResponseReturnValue:
    """Save a question of the draft to the bank."""
    drafted = drafts.get_draft(db.session, code)
    form = SaveQuestionForm(list(parse(drafted.definition).questions))
    if form.validate_on_submit():
        found = edits.find_question(drafted.definition, form.question.data)
        assert found is not None
        with refusals_beside(form):
            kept = saved.save(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                title=form.title.data or "",
                question=found[1],
            )
            flash(_("“%(title)s” is in the bank.", title=kept.title))
            return redirect(url_for(".edit", code=code))
    page = render_template("questionnaires/officer/bank_save.html", form=form, drafted=drafted)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>/from-bank", methods=["GET", "POST"])
def add_saved(code: str) -> ResponseReturnValue:
    """Ask a question of the bank on a page of the draft."""
    drafted = drafts.get_draft(db.session, code)
    offered = saved.list_saved(db.session)
    form = PlaceForm([(each.id, each.title) for each in offered], parse(drafted.definition).pages)
    if form.validate_on_submit():
        with refusals_beside(form):
            kept = saved.get_saved(db.session, int(form.saved_id.data))
            definition, given = saved.placed(drafted.definition, form.page.data, kept.definition)
            drafts.change(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                code=code,
                revision=form.seen,
                definition=definition,
            )
            flash(
                _("“%(title)s” is asked in the draft, under the code %(code)s.", title=kept.title, code=given)
            )
            return redirect(url_for(".edit", code=code))
    if form.is_submitted():
        # A refusal may have been about what somebody else did to the draft.
        drafted = drafts.get_draft(db.session, code)
    form.revision.data = str(drafted.revision)
    page = render_template(
        "questionnaires/officer/bank_add.html",
        form=form,
        drafted=drafted,
        offered=offered,
        hints={str(each.id): each.question.label for each in offered},
    )
    return page, (INVALID if form.is_submitted() else 200)
