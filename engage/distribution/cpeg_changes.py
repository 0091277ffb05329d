"""A coordinator makes and changes links: for member groups, events and posters."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.distribution import changing, queries, service
from engage.distribution.cpeg import asked_at, own_link
from engage.distribution.forms import change_form
from engage.distribution.queries import GroupLink
from engage.distribution.rules import LinkKind, takes_links
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages
from engage.foundations.refusals import Refused

pages = Pages(
    "coordinator_link_changes", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/links"
)


@pages.post("/for/<slug>")
def make_for_groups(slug: str) -> ResponseReturnValue:
    """Make links for the member groups that were chosen; those of others are left out."""
    asked = asked_at(slug)
    chosen = changing.numbers_in("group") & queries.family(db.session, current_user.group_id)
    if not chosen:
        flash(_("Choose at least one group."), "error")
        return redirect(url_for("coordinator_links.consultation", slug=slug), 303)
    try:
        made = service.make_links_for(
            db.session,
            consultation_id=asked.id,
            group_ids=chosen,
            now=clock.now(),
            actor=current_user.label,
        )
        changing.say_made(made)
    except Refused as refusal:
        flash(refusal.message, "error")
    return redirect(url_for("coordinator_links.consultation", slug=slug), 303)


@pages.route("/<int:link_id>/new", methods=["GET", "POST"])
def new(link_id: int) -> ResponseReturnValue:
    """Make a link for an event or a poster under a group's link."""
    link = own_link(link_id)
    return changing.new(
        link_id,
        layout="layouts/coordinator.html",
        about=link.title,
        back=_back(link),
        allowed=takes_links(link.state) and link.kind is LinkKind.GROUP,
    )


@pages.route("/<int:link_id>/change", methods=["GET", "POST"])
def change(link_id: int) -> ResponseReturnValue:
    """Give a link another name or target, or withdraw it."""
    link = own_link(link_id, revoked_too=True)
    stored = queries.get_link(db.session, link_id=link_id, consultation_id=link.consultation_id)
    revoked = stored.revoked_at is not None
    form = change_form(stored.kind, stored.label, stored.target)
    if changing.changed(link_id, form):
        return redirect(_back(link), 303)
    page = render_template(
        "distribution/cpeg/change.html", form=form, link=link, revoked=revoked, back=_back(link)
    )
    return page, INVALID if form.is_submitted() else 200


@pages.post("/<int:link_id>/withdraw")
def withdraw(link_id: int) -> ResponseReturnValue:
    """Stop a link from naming its group."""
    return changing.withdraw(link_id, back=_back(own_link(link_id, revoked_too=True)))


@pages.post("/<int:link_id>/put-back")
def put_back(link_id: int) -> ResponseReturnValue:
    """Let a withdrawn link name its group again."""
    return changing.put_back(link_id, back=_back(own_link(link_id, revoked_too=True)))


def _back(link: GroupLink) -> str:
    return url_for("coordinator_links.consultation", slug=link.slug)
