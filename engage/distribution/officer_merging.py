"""Merging a group into another: choose it, see what goes with it, and do it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.distribution import merging
from engage.distribution.labels import MOVING
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _
from engage.foundations.lists import part
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.groups.models import Group
from engage.groups.queries import find_by_code, get_group
from engage.groups.rules import KINDS

pages = Pages("officer_merging", __name__, admits=Audience.OFFICERS, url_prefix="/officer/groups")

GROUPS_A_PAGE = 40
LONGEST_SEARCH = 100


@pages.get("/<code>/merge")
def choose(code: str) -> ResponseReturnValue:
    """Show the groups that this one could become part of."""
    group = _group(code)
    typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    wanted = typed.casefold().split()
    found = merging.candidates(db.session, group) if group.merged_into_id is None else []
    return render_template(
        "distribution/officer/merge.html",
        group=group,
        became=get_group(db.session, group.merged_into_id) if group.merged_into_id else None,
        page=part(
            [each for each in found if all(word in each.name.casefold() for word in wanted)],
            request.args.get("page", type=int),
            GROUPS_A_PAGE,
        ),
        typed=typed,
        KINDS=KINDS,
    )


@pages.route("/<code>/merge/<into_code>", methods=["GET", "POST"])
def merge(code: str, into_code: str) -> ResponseReturnValue:
    """Show what goes with the group, and do it."""
    group, into = _group(code), _group(into_code)
    form, actor, names = ButtonForm(), current_user.label, (group.name, into.name)
    ids = {"group_id": group.id, "into_id": into.id}
    if form.validate_on_submit():
        with refusals_beside(form):
            merging.merge_group(db.session, **ids, actor=actor, now=clock.now())
            flash(_("%(group)s is now part of %(into)s.", group=names[0], into=names[1]), "success")
            return redirect(url_for("officer_groups.show", code=into_code), 303)
    try:
        moving, refused = merging.preview(db.session, **ids), None
    except Refused as refusal:
        moving, refused = None, refusal.message
    page = render_template(
        "distribution/officer/merge_check.html",
        form=form,
        code=code,
        group=group,
        into=into,
        moving=moving,
        refused=refused,
        MOVING=MOVING,
    )
    return page, INVALID if form.is_submitted() else 200


def _group(code: str) -> Group:
    return find_by_code(db.session, code) or abort(404)
