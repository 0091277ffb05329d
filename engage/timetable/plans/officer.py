"""The calendar of plans, to keep."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import places
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _, plural
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.spreadsheets import CSV_TYPE, write_csv
from engage.timetable.plans import importing, queries, service
from engage.timetable.plans.forms import FileForm, PlanForm, named
from engage.timetable.plans.labels import PARTS, TIERS
from engage.timetable.plans.service import PlanDetails

pages = Pages("officer_plans", __name__, admits=Audience.OFFICERS, url_prefix="/officer/timetable/plans")


@pages.get("")
def index() -> ResponseReturnValue:
    """Show everything in the calendar of plans."""
    periods = queries.periods(db.session)
    return render_template(
        "timetable/officer/plans/index.html",
        periods=periods,
        names={each.id: named(each) for each in periods},
        TIERS=TIERS,
        PARTS=PARTS,
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a stretch of a plan's life."""
    form = PlanForm(places(db.session), queries.periods(db.session))
    if form.validate_on_submit():
        with refusals_beside(form):
            service.add_period(db.session, actor=current_user.label, now=clock.now(), details=form.details())
            flash(_("It is in the calendar of plans."))
            return redirect(url_for(".index"))
    return _form_page(form, None)


@pages.route("/<int:period_id>/edit", methods=["GET", "POST"])
def edit(period_id: int) -> ResponseReturnValue:
    """Change a stretch of a plan's life."""
    values = _values(service.said(queries.get_period(db.session, period_id)))
    form = PlanForm(places(db.session), queries.periods(db.session), period_id, data=values)
    if form.validate_on_submit():
        with refusals_beside(form):
            service.change_period(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                period_id=period_id,
                details=form.details(),
            )
            flash(_("The calendar of plans is changed."))
            return redirect(url_for(".index"))
    return _form_page(form, period_id)


@pages.post("/<int:period_id>/remove")
def remove(period_id: int) -> ResponseReturnValue:
    """Take a stretch out of the calendar."""
    queries.get_period(db.session, period_id)
    form = ButtonForm()
    if form.validate_on_submit():
        service.remove_period(db.session, actor=current_user.label, now=clock.now(), period_id=period_id)
        flash(_("It is no longer in the calendar of plans."))
    return redirect(url_for(".index"))


@pages.route("/import", methods=["GET", "POST"])
def take() -> ResponseReturnValue:
    """Add what a file says: all of it or nothing."""
    form = FileForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            done = importing.take_file(
                db.session, actor=current_user.label, now=clock.now(), content=form.file.data.read()
            )
            added = plural("%(num)s line is added", "%(num)s lines are added", done.added)
            flash(_("%(added)s, %(already)s were there already.", added=added, already=done.already))
            return redirect(url_for(".index"))
    page = render_template(
        "timetable/officer/plans/import.html", form=form, columns=importing.COLUMNS, TIERS=TIERS, PARTS=PARTS
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/plans.csv")
def export() -> ResponseReturnValue:
    """Hand out the calendar as a file, which can be read back."""
    answer = Response(write_csv(importing.rows(db.session)), content_type=CSV_TYPE)
    answer.headers["Content-Disposition"] = "attachment; filename=plans.csv"
    return answer


def _values(said: PlanDetails) -> dict[str, object]:
    """Return what the form asks, answered by what is stored."""
    values: dict[str, object] = {name: getattr(said, name) for name in type(said).__dataclass_fields__}
    return values | {
        "tier": said.tier.value,
        "part": said.part.value,
        "area_code": said.area_code or "",
        "feeds_id": str(said.feeds_id or ""),
    }


def _form_page(form: PlanForm, period_id: int | None) -> ResponseReturnValue:
    page = render_template(
        "timetable/officer/plans/form.html",
        form=form,
        period_id=period_id,
        part_meanings={part.value: text.meaning for part, text in PARTS.items()},
    )
    return page, (INVALID if form.is_submitted() else 200)
