"""Making and changing links as an officer: for groups, for the authority's own events and posters."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.queries import get_consultation
from engage.distribution import queries, service
from engage.distribution.forms import LinkForm, change_form
from engage.distribution.labels import name_of
from engage.distribution.lists import part
from engage.distribution.officer import LINKS_A_PAGE, LONGEST_SEARCH, node_of, say_made, words
from engage.distribution.queries import Linkable
from engage.distribution.rules import takes_links
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused

pages = Pages("officer_link_changes", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")


@pages.get("/<slug>/links/groups")
def groups(slug: str) -> ResponseReturnValue:
    """Show the groups that have no link yet, to choose from."""
    consultation = get_consultation(db.session, slug)
    found = queries.groups_without_link(db.session, consultation.id)
    typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    return render_template(
        "distribution/officer/groups.html",
        page=part(_matching(found, typed), request.args.get("page", type=int), LINKS_A_PAGE),
        typed=typed,
        consultation=consultation,
        **words(consultation),
    )


@pages.post("/<slug>/links/groups")
def make_for_groups(slug: str) -> ResponseReturnValue:
    """Make links for the groups that were chosen."""
    consultation = get_consultation(db.session, slug)
    chosen = numbers_in("group")
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
        say_made(made)
    else:
        flash(_("Choose at least one group."), "error")
    under = numbers_in("under")
    if len(under) == 1:
        return redirect(url_for("officer_links.show", slug=slug, link_id=under.pop()), 303)
    return redirect(url_for("officer_links.index" if made else ".groups", slug=slug), 303)


@pages.route("/<slug>/links/<int:link_id>/new", methods=["GET", "POST"])
def new(slug: str, link_id: int) -> ResponseReturnValue:
    """Make a link for an event or a poster under another."""
    consultation = get_consultation(db.session, slug)
    node = node_of(consultation, link_id)
    form = LinkForm()
    if form.validate_on_submit():
        actor = current_user.label
        with refusals_beside(form):
            made = service.make_link(
                db.session, parent_id=link_id, wish=form.wish(), now=clock.now(), actor=actor
            )
            flash(_("The link is made: %(code)s", code=made.code), "success")
            return redirect(url_for("officer_links.show", slug=slug, link_id=link_id), 303)
    page = render_template(
        "distribution/form.html",
        layout="layouts/officer.html",
        form=form,
        title=_("Make a link for an event or a poster"),
        about=name_of(node.row),
        back=url_for("officer_links.show", slug=slug, link_id=link_id),
        allowed=takes_links(consultation.state),
    )
    return page, INVALID if form.is_submitted() else 200


@pages.route("/<slug>/links/<int:link_id>/change", methods=["GET", "POST"])
def change(slug: str, link_id: int) -> ResponseReturnValue:
    """Give a link another name or target."""
    consultation = get_consultation(db.session, slug)
    link = queries.get_link(db.session, link_id=link_id, consultation_id=consultation.id)
    name = name_of(node_of(consultation, link_id).row)
    form = change_form(link.kind, link.label, link.target)
    if form.validate_on_submit():
        actor = current_user.label
        with refusals_beside(form):
            service.change_link(
                db.session,
                link_id=link_id,
                label=form.name,
                target=form.target.data,
                now=clock.now(),
                actor=actor,
            )
            flash(_("The link is changed."), "success")
            return redirect(url_for("officer_links.show", slug=slug, link_id=link_id), 303)
    page = render_template(
        "distribution/form.html",
        layout="layouts/officer.html",
        form=form,
        title=_("Change the link"),
        about=name,
        back=url_for("officer_links.show", slug=slug, link_id=link_id),
        allowed=True,
    )
    return page, INVALID if form.is_submitted() else 200


@pages.post("/<slug>/links/<int:link_id>/withdraw")
def withdraw(slug: str, link_id: int) -> ResponseReturnValue:
    """Stop a link from naming its group."""
    consultation = get_consultation(db.session, slug)
    queries.get_link(db.session, link_id=link_id, consultation_id=consultation.id)
    service.revoke_link(db.session, link_id=link_id, now=clock.now(), actor=current_user.label)
    flash(_("The link is withdrawn. Whoever follows it can answer, but is not counted for it."), "success")
    return redirect(url_for("officer_links.show", slug=slug, link_id=link_id), 303)


@pages.post("/<slug>/links/<int:link_id>/put-back")
def put_back(slug: str, link_id: int) -> ResponseReturnValue:
    """Let a withdrawn link name its group again."""
    consultation = get_consultation(db.session, slug)
    queries.get_link(db.session, link_id=link_id, consultation_id=consultation.id)
    service.restore_link(db.session, link_id=link_id, now=clock.now(), actor=current_user.label)
    flash(_("The link is in use again."), "success")
    return redirect(url_for("officer_links.show", slug=slug, link_id=link_id), 303)


def numbers_in(name: str) -> set[int]:
    """Return the numbers that the form sent under this name; what is none is left out."""
    sent = request.form.getlist(name)
    return {int(said) for said in sent if said.isascii() and said.isdecimal() and len(said) < 10}


def _matching(groups: list[Linkable], typed: str) -> list[Linkable]:
    wanted = typed.casefold().split()
    return [
        group
        for group in groups
        if all(
            word in " ".join(filter(None, (group.name, group.area, group.above))).casefold()
            for word in wanted
        )
    ]
