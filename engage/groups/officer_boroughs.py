"""What the boroughs' pages say besides their groups, for officers to write; Members and analysts read it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.boroughs.queries import get_place, places
from engage.boroughs.rules import slug_of
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.groups import keeping, queries
from engage.groups.forms import BoroughForm

pages = Pages(
    "officer_boroughs",
    __name__,
    admits=Audience.READERS,
    changes=Audience.OFFICERS,
    url_prefix="/officer/boroughs",
)


@pages.get("/")
def index() -> ResponseReturnValue:
    """List the boroughs: who has the group, and what their pages say."""
    return render_template(
        "groups/officer/boroughs.html",
        areas=places(db.session),
        cpegs={group.area_code: group for group in reversed(queries.cpegs(db.session))},
        details=queries.boroughs(db.session),
        slug_of=slug_of,
    )


@pages.route("/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Write what a borough's page says besides its groups."""
    area = get_place(db.session, slug)
    area_code, name = area.code, area.name
    details = queries.borough_details(queries.find_borough(db.session, area_code))
    form = BoroughForm(obj=details)
    if form.validate_on_submit():
        with refusals_beside(form):
            keeping.save_borough(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                area_code=area_code,
                details=form.details(),
            )
            flash(_("The page of %(borough)s says so now.", borough=name))
            return redirect(url_for(".index"), 303)
    page = render_template("groups/officer/borough.html", form=form, name=name, slug=slug)
    return page, (INVALID if form.is_submitted() else 200)
