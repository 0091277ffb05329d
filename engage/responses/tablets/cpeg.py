"""A coordinator starts this device at an event of their group, or comes back to it afterwards."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.distribution.queries import get_link_for_group
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.responses.tablets.forms import TabletForm
from engage.responses.tablets.starting import hand_over, sharable

pages = Pages("coordinator_tablets", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/links")


@pages.route("/<int:link_id>/device", methods=["GET", "POST"])
def start(link_id: int) -> ResponseReturnValue:
    """Choose a form, and hand the device over. Shows what waits on it from before."""
    link = get_link_for_group(db.session, link_id=link_id, group_id=current_user.group_id)
    actor = current_user.label
    found = sharable(db.session, link.slug)
    form = TabletForm([each.choice for each in found])
    if form.validate_on_submit():
        with refusals_beside(form):
            offer = next(each.offer for each in found if each.offer.code == form.instrument.data)
            back = url_for(".start", link_id=link_id)
            return hand_over(db.session, actor=actor, offer=offer, link=link.code, back=back)
    page = render_template(
        "responses/tablets/start.html",
        layout="layouts/coordinator.html",
        form=form,
        found=found,
        title=link.title,
        back=url_for("coordinator_links.index"),
        group=link.group,
        is_open=bool(found) and found[0].offer.is_open(clock.now()),
    )
    return page, INVALID if form.is_submitted() else 200
