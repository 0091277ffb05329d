"""Every group's link to a consultation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.distribution import queries, service
from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.language import _, number, plural
from engage.foundations.pages import Audience, Pages

pages = Pages("officer_links", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")


@pages.get("/<slug>/links")
def index(slug: str) -> ResponseReturnValue:
    """Show each group's link and how many responses came by it."""
    consultation = get_consultation(db.session, slug)
    links = queries.links_of(db.session, consultation.id)
    return render_template(
        "distribution/officer/index.html",
        consultation=consultation,
        links=[(link, address_of("links.follow", code=link.code)) for link in links],
        came=sum(link.submitted for link in links),
        without=queries.cpegs_without_link(db.session, consultation.id),
    )


@pages.post("/<slug>/links")
def make(slug: str) -> ResponseReturnValue:
    """Give each CPEG that has none its link."""
    consultation = get_consultation(db.session, slug)
    made = service.make_links(
        db.session, actor=current_user.label, consultation_id=consultation.id, now=clock.now()
    )
    if made:
        flash(plural("%(n)s link was made.", "%(n)s links were made.", made, n=number(made)), "success")
    else:
        flash(_("Every group has its link already."), "success")
    return redirect(url_for("officer_links.index", slug=slug), 303)
