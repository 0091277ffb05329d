"""Bad times to ask, to enter."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _, day
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.timetable.periods import queries, service
from engage.timetable.periods.forms import PeriodForm
from engage.timetable.periods.rules import KINDS, bank_holidays
from engage.timetable.rules import PeriodKind

pages = Pages(
    "officer_periods",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/bad-times",
)


@pages.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Show the bad times that are known, and enter another."""
    form = PeriodForm()
    if form.validate_on_submit():
        assert form.starts_on.data is not None
        assert form.ends_on.data is not None
        with refusals_beside(form):
            service.add_period(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                kind=PeriodKind(form.kind.data),
                title=form.title.data or "",
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
            )
            flash(_("Saved. Entries that meet it say so."))
            return redirect(url_for(".index"))
    today = clock.today()
    page = render_template(
        "timetable/officer/periods.html",
        form=form,
        remove=ButtonForm(formdata=None),
        periods=queries.periods(db.session),
        holidays_said=[
            (day(on), name)
            for year in (today.year, today.year + 1)
            for on, name in bank_holidays(year).items()
            if on >= today
        ],
        KINDS=KINDS,
    )
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/<int:period_id>/remove")
def remove(period_id: int) -> ResponseReturnValue:
    """Take a bad time out."""
    service.remove_period(db.session, actor=current_user.label, now=clock.now(), period_id=period_id)
    flash(_("Removed."))
    return redirect(url_for(".index"))
