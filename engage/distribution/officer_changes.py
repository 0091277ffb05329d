"""Making and changing links as an officer: for groups, for the authority's own events and posters."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.distribution import changing, queries, service
from engage.distribution.forms import change_form
from engage.distribution.labels import name_of
from engage.distribution.officer import LINKS_A_PAGE, LONGEST_SEARCH, node_of, words
from engage.distribution.rules import takes_links
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.lists import has_words, part
from engage.foundations.pages import INVALID, Audience, Pages
from engage.foundations.refusals import Refused

pages = Pages("officer_link_changes", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")


@pages.get("/<slug>/links/groups")
def groups(slug: str) -> ResponseReturnValue:
    """Show the groups that have no link yet, to choose from."""
    consultation = get_consultation(db.session, slug)
    typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = [
        group
        for group in queries.groups_without_link(db.session, consultation.id)
        if has_words(typed, group.name, group.area, group.above)
    ]
    return render_template(
        "distribution/officer/groups.html",
        page=part(found, request.args.get("page", type=int), LINKS_A_PAGE),
        typed=typed,
        consultation=consultation,
        **words(consultation),
    )


@pages.post("/<slug>/links/groups")
def make_for_groups(slug: str) -> ResponseReturnValue:
    """Make links for the groups that were chosen."""
    consultation = get_consultation(db.session, slug)
    chosen = changing.numbers_in("group")
    try:
        made = service.make_links_for(
            db.session,
            consultation_id=consultation.id,
            group_ids=chosen,
            now=clock.now(),
            actor=current_user.label,
        )
    except Refused as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("officer_links.index", slug=slug), 303)
    if chosen:
        changing.say_made(made)
    else:
        flash(_("Choose at least one group."), "error")
    under = changing.numbers_in("under")
    if len(under) == 1:
        return redirect(_back(slug, under.pop()), 303)
    return redirect(url_for("officer_links.index" if made else ".groups", slug=slug), 303)


@pages.route("/<slug>/links/<int:link_id>/new", methods=["GET", "POST"])
def new(slug: str, link_id: int) -> ResponseReturnValue:
    """Make a link for an event or a poster under another."""
    consultation = get_consultation(db.session, slug)
    node = node_of(consultation, link_id)
    return changing.new(
        link_id,
        layout="layouts/officer.html",
        about=name_of(node.row),
        back=_back(slug, link_id),
        allowed=takes_links(consultation.state),
    )


@pages.route("/<slug>/links/<int:link_id>/change", methods=["GET", "POST"])
def change(slug: str, link_id: int) -> ResponseReturnValue:
    """Give a link another name or target."""
    consultation = get_consultation(db.session, slug)
    link = queries.get_link(db.session, link_id=link_id, consultation_id=consultation.id)
    name = name_of(node_of(consultation, link_id).row)
    form = change_form(link.kind, link.label, link.target)
    if changing.changed(link_id, form):
        return redirect(_back(slug, link_id), 303)
    page = render_template(
        "distribution/form.html",
        layout="layouts/officer.html",
        form=form,
        title=_("Change the link"),
        about=name,
        back=_back(slug, link_id),
        allowed=True,
    )
    return page, INVALID if form.is_submitted() else 200


@pages.post("/<slug>/links/<int:link_id>/withdraw")
def withdraw(slug: str, link_id: int) -> ResponseReturnValue:
    """Stop a link from naming its group."""
    consultation = get_consultation(db.session, slug)
    queries.get_link(db.session, link_id=link_id, consultation_id=consultation.id)
    return changing.withdraw(link_id, back=_back(slug, link_id))


@pages.post("/<slug>/links/<int:link_id>/put-back")
def put_back(slug: str, link_id: int) -> ResponseReturnValue:
    """Let a withdrawn link name its group again."""
    consultation = get_consultation(db.session, slug)
    queries.get_link(db.session, link_id=link_id, consultation_id=consultation.id)
    return changing.put_back(link_id, back=_back(slug, link_id))


def _back(slug: str, link_id: int) -> str:
    return url_for("officer_links.show", slug=slug, link_id=link_id)
