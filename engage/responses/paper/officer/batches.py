"""The batches of a consultation: make one, see how far it is, take a form of it to be typed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation, instruments
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _, lazy
from engage.foundations.pages import INVALID, refusals_beside
from engage.foundations.refusals import Refused
from engage.responses.models import Channel
from engage.responses.paper import queries, service
from engage.responses.paper.forms import BatchForm, SerialForm
from engage.responses.paper.labels import CHANNELS
from engage.responses.paper.officer.blueprint import batch_of, pages
from engage.responses.paper.rules import read_serial

UNKNOWN = lazy("No form has this serial number. Compare it with the form.")


@pages.route("/", methods=["GET", "POST"])
def index(slug: str) -> ResponseReturnValue:
    """Show the batches of a consultation; a serial number typed here leads to its form."""
    form = SerialForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            return redirect(_place(slug, form), 303)
    consultation = get_consultation(db.session, slug)
    page = render_template(
        "responses/officer/paper/index.html",
        form=form,
        consultation=consultation,
        batches=queries.batches(db.session, consultation.id),
        CHANNELS=CHANNELS,
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/new", methods=["GET", "POST"])
def new(slug: str) -> ResponseReturnValue:
    """Make a batch."""
    consultation = get_consultation(db.session, slug)
    consultation_id, title = consultation.id, consultation.title
    form = BatchForm(instruments(db.session, consultation_id), queries.groups_to_choose(db.session))
    if form.validate_on_submit():
        with refusals_beside(form):
            batch = service.make_batch(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                consultation_id=consultation_id,
                instrument_id=form.instrument_id.data,
                channel=Channel(form.channel.data),
                title=form.title.data or "",
                forms=form.forms.data or 0,
                group_id=form.group_id.data or None,
                twice=form.twice.data == "yes",
            )
            flash(_("The batch is made."))
            return redirect(url_for(".show", slug=slug, code=batch.code))
    page = render_template("responses/officer/paper/new.html", form=form, slug=slug, consultation_title=title)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<code>", methods=["GET", "POST"])
def show(slug: str, code: str) -> ResponseReturnValue:
    """Show how far a batch is; a serial number typed here leads to its form."""
    batch = batch_of(slug, code)
    form = SerialForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            return redirect(_place(slug, form), 303)
    elif not form.is_submitted() and batch.channel is Channel.TELEPHONE and batch.next_number:
        # Nobody holds a printed form: the next one is taken.
        form.serial.data = str(batch.serial(batch.next_number))
    page = render_template(
        "responses/officer/paper/show.html", form=form, slug=slug, batch=batch, CHANNELS=CHANNELS
    )
    return page, (INVALID if form.is_submitted() else 200)


def _place(slug: str, form: SerialForm) -> str:
    """Return the address of the form whose serial number was typed; raises `Refused`."""
    serial = read_serial(form.serial.data or "")
    place = queries.find_place(db.session, serial.code)
    if place is None:
        raise Refused(UNKNOWN, "serial")
    consultation_id, its_slug, its_title = place
    if its_slug != slug:
        raise Refused(lazy("This form belongs to “%(title)s”.", title=its_title), "serial")
    batch = queries.get_batch(db.session, consultation_id, serial.code)
    if not batch.has(serial.number):
        raise Refused(UNKNOWN, "serial")
    typed = queries.find_form(db.session, batch.id, serial.number)
    service.refuse_again(batch_twice=batch.twice, form=typed, actor=current_user.label)
    return url_for(".type_", slug=slug, code=serial.code, number=serial.number)
