"""The register of duties, to keep, and what is due next."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable.duties import queries, service
from engage.timetable.duties.forms import DutyForm
from engage.timetable.duties.public import shown, spreadsheet
from engage.timetable.duties.rules import NO_DUTY

pages = Pages(
    "officer_duties",
    __name__,
    admits=Audience.OFFICERS,
    url_prefix="/officer/timetable/duties",
)


@pages.get("")
def index() -> ResponseReturnValue:
    """Show what is due next, and the coverage with drafts counted."""
    now = clock.now()
    covered = queries.covered(db.session, now, drafts=True)
    return render_template("timetable/officer/duties/index.html", **shown(covered), now=now)


@pages.get("/coverage.<kind>")
def export(kind: str) -> ResponseReturnValue:
    """Hand out the coverage, drafts included, as a spreadsheet."""
    return spreadsheet(queries.covered(db.session, clock.now(), drafts=True), kind)


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a duty to the register."""
    form = DutyForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            service.add_duty(db.session, actor=current_user.label, now=clock.now(), details=form.details())
            flash(_("The duty is in the register."))
            return redirect(url_for(".index"))
    return _form_page(form, None, served=False)


@pages.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Change what the register says of a duty, or say when it ended."""
    duty = queries.get_duty(db.session, code)
    form = DutyForm(obj=duty)
    if form.validate_on_submit():
        with refusals_beside(form):
            service.change_duty(
                db.session, actor=current_user.label, now=clock.now(), code=code, details=form.details()
            )
            flash(_("The register is changed."))
            return redirect(url_for(".index"))
    return _form_page(form, code, served=queries.served(db.session, code))


@pages.post("/<code>/remove")
def remove(code: str) -> ResponseReturnValue:
    """Take a duty that nothing served out of the register."""
    duty = queries.get_duty(db.session, code)
    press = ButtonForm()
    if press.validate_on_submit():
        with refusals_beside(press):
            service.remove_duty(db.session, actor=current_user.label, now=clock.now(), code=code)
            flash(_("The duty is no longer in the register."))
            return redirect(url_for(".index"))
    form = DutyForm(formdata=None, obj=duty)
    form.form_errors.extend(press.form_errors)
    return _form_page(form, code, served=queries.served(db.session, code))


def _form_page(form: DutyForm, code: str | None, *, served: bool) -> ResponseReturnValue:
    page = render_template(
        "timetable/officer/duties/form.html", form=form, code=code, served=served, is_none=code == NO_DUTY
    )
    return page, (INVALID if form.is_submitted() else 200)
