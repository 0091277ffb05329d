"""An officer starts this device at an event, or comes back to it afterwards."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.distribution.labels import in_full
from engage.distribution.queries import links_of
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.responses.tablets.forms import OfficersTabletForm
from engage.responses.tablets.starting import hand_over, sharable

pages = Pages("officer_tablets", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")


@pages.route("/<slug>/device", methods=["GET", "POST"])
def start(slug: str) -> ResponseReturnValue:
    """Choose a form and a group's link, and hand the device over. Shows what waits on it from before."""
    consultation = get_consultation(db.session, slug)
    title, actor = consultation.title, current_user.label
    found = sharable(db.session, slug)
    links = [(link.code, in_full(link)) for link in links_of(db.session, consultation.id) if not link.revoked]
    form = OfficersTabletForm([each.choice for each in found], links)
    if form.validate_on_submit():
        with refusals_beside(form):
            offer = next(each.offer for each in found if each.offer.code == form.instrument.data)
            back = url_for(".start", slug=slug)
            return hand_over(db.session, actor=actor, offer=offer, link=form.link.data, back=back)
    page = render_template(
        "responses/tablets/start.html",
        layout="layouts/officer.html",
        form=form,
        found=found,
        title=title,
        back=url_for("officer_links.index", slug=slug),
        group="",
        is_open=bool(found) and found[0].offer.is_open(clock.now()),
    )
    return page, INVALID if form.is_submitted() else 200
