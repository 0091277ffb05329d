"""Importing responses from a file: upload, how it is written, columns, values, the trial, the import."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation, instruments
from engage.foundations import clock
from engage.foundations.database import db, reading
from engage.foundations.language import Text, _, lazy
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.foundations.tables.detecting import ENCODINGS
from engage.responses.intake import mapping, queries, service, under_way
from engage.responses.intake.carried import Carried, sorted_by_hand, values_to_sort
from engage.responses.intake.forms import FileForm, ImportForm, PressForm, WrittenForm
from engage.responses.intake.mapping import Decided
from engage.responses.intake.rules import refuse_importing
from engage.responses.intake.trying import Agreed, Meant, Outcome, Read, read_file

pages = Pages(
    "officer_intake", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations/<slug>/import"
)


@pages.route("/", methods=["GET", "POST"])
def index(slug: str) -> ResponseReturnValue:
    """Show what was imported, and take a file to look at."""
    consultation = get_consultation(db.session, slug)
    form = FileForm(instruments(db.session, consultation.id))
    if form.validate_on_submit():
        with refusals_beside(form):
            refuse_importing(consultation.state)
            under_way.take_file(slug, consultation.id, form)
            return redirect(url_for(".layout", slug=slug), 303)
    page = render_template(
        "responses/officer/intake/index.html",
        form=form,
        slug=slug,
        title=get_consultation(db.session, slug).title,
        files=queries.imported_files(db.session, consultation.id),
        under_way=under_way.find(slug),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/written", methods=["GET", "POST"])
def layout(slug: str) -> ResponseReturnValue:
    """Show how the file was read, and read it otherwise where an officer says so."""
    carried = under_way.find(slug)
    if carried is None:
        return under_way.gone(slug)
    form = WrittenForm.shown(carried.upload.written, carried.upload.lines)
    if form.validate_on_submit():
        with refusals_beside(form):
            chosen = form.chosen(carried.upload.written)
            under_way.read_again(carried, chosen, int(form.lines.data))
            again = "again" in request.form
            return redirect(url_for(".layout" if again else ".columns", slug=slug), 303)
    page = render_template(
        "responses/officer/intake/layout.html",
        form=form,
        slug=slug,
        carried=carried,
        ENCODINGS=ENCODINGS,
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/columns", methods=["GET", "POST"])
def columns(slug: str) -> ResponseReturnValue:
    """Say which column answers which question."""
    carried = under_way.find(slug)
    if carried is None:
        return under_way.gone(slug)
    meant = under_way.meant_by(carried)
    form = PressForm()
    chosen: dict[int, str] = dict(carried.upload.decided.columns)
    if form.is_submitted():
        chosen = {one.place: request.form.get(f"column-{one.place}", "") for one in carried.columns}
    wrong: dict[str, Text] = {}
    if form.validate_on_submit():
        try:
            carried = carried.decide(mapping.checked(chosen, meant.parts))
            to_sort = values_to_sort(carried, under_way.meant_by(carried))
            return redirect(url_for(".values" if to_sort else ".check", slug=slug), 303)
        except Refused as refusal:
            db.session.rollback()
            wrong = {refusal.field or "column-0": refusal.message}
    page = render_template(
        "responses/officer/intake/columns.html",
        form=form,
        slug=slug,
        carried=carried,
        chosen=chosen,
        wrong=wrong,
        groups=list(mapping.grouped(meant.parts)),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/values", methods=["GET", "POST"])
def values(slug: str) -> ResponseReturnValue:
    """Say what values stand for that are no answer we know."""
    carried = under_way.find(slug)
    if carried is None:
        return under_way.gone(slug)
    meant = under_way.meant_by(carried)
    to_sort = values_to_sort(carried, meant)
    form = PressForm()
    if form.validate_on_submit():
        by_hand = {one.column.place: sorted_by_hand(one, request.form) for one in to_sort}
        carried.change(decided=Decided(carried.upload.decided.columns, by_hand))
        return redirect(url_for(".check", slug=slug), 303)
    page = render_template(
        "responses/officer/intake/values.html", form=form, slug=slug, carried=carried, to_sort=to_sort
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/check", methods=["GET", "POST"])
def check(slug: str) -> ResponseReturnValue:
    """Show what the import would come to, and import: the whole file or nothing."""
    carried = under_way.find(slug)
    if carried is None:
        return under_way.gone(slug)
    form = ImportForm()
    agreed = Agreed(**form.agreed()) if form.is_submitted() else Agreed()
    outcome = Outcome()
    db.session.rollback()
    with reading():
        # Reading thousands of rows takes its time: nobody need wait for their turn to write.
        meant = replace(under_way.meant_by(carried), agreed=agreed)
        read = list(read_file(carried.rows(), meant, outcome))
        db.session.rollback()
    if form.validate_on_submit():
        with refusals_beside(form):
            stored = _import(slug, carried, meant, outcome, read)
            under_way.drop(carried.token)
            flash(_("%(n)s responses have been imported.", n=f"{stored:,}"))
            return redirect(url_for(".index", slug=slug), 303)
    page = render_template(
        "responses/officer/intake/check.html",
        form=form,
        slug=slug,
        carried=carried,
        meant=meant,
        outcome=outcome,
        letters=mapping.letters,
        sorted_values=bool(values_to_sort(carried, meant)) if outcome.faults else False,
        answered=_by_question(meant, outcome),
        unasked=_required_without_column(meant),
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/cancel")
def cancel(slug: str) -> ResponseReturnValue:
    """Forget the file."""
    if carried := under_way.find(slug):
        under_way.drop(carried.token)
        flash(_("Nothing was imported, and the file is deleted."))
    return redirect(url_for(".index", slug=slug), 303)


def _required_without_column(meant: Meant) -> list[str]:
    """Return the labels of required questions that no column answers, though they are always asked."""
    asked = {meant.parts[key].question.code for key in meant.decided.columns.values() if key in meant.parts}
    return [
        question.label
        for page in meant.definition.pages
        for question in page.questions
        if question.asks and question.required and question.code not in asked
        if page.shown_if is None and question.shown_if is None
    ]


def _by_question(meant: Meant, outcome: Outcome) -> list[tuple[str, str]]:
    """Return the label of each question of a column, with how many rows answer it."""
    asked = {meant.parts[key].question.code for key in meant.decided.columns.values() if key in meant.parts}
    return [
        (question.label, f"{outcome.answered[question.code]:,}")
        for question in meant.definition.questions
        if question.code in asked
    ]


def _import(slug: str, carried: Carried, meant: Meant, outcome: Outcome, read: list[Read]) -> int:
    if not outcome.fits:
        raise Refused(lazy("Nothing was imported: not every row of the file can be taken."))
    upload = carried.upload
    return service.import_file(
        db.session,
        actor=current_user.label,
        now=clock.now(),
        consultation_id=get_consultation(db.session, slug).id,
        instrument_id=upload.instrument_id,
        version_id=upload.version_id,
        channel=upload.channel,
        name=upload.name,
        digest=upload.digest,
        mapping=carried.mapping(meant, meant.agreed),
        responses=read,
    )
