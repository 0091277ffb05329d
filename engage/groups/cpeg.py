"""A coordinator's own group and those below it: what they may change of them. Nobody else's exists here."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import Audience, Pages, refusals_beside
from engage.groups import changing, queries, service
from engage.groups.details import GroupDetails
from engage.groups.forms import GroupForm
from engage.groups.models import Group
from engage.groups.officer import WORDS
from engage.groups.rules import MEMBER_KINDS, GroupKind
from engage.groups.whole import whole

pages = Pages("coordinator_group", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/group")

LAYOUT = "layouts/coordinator.html"


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the coordinator's own group."""
    return _page(_own())


@pages.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show their group, or one below it."""
    return _page(_theirs(code))


@pages.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Change what the group says of itself; what it is called and where it belongs is for officers."""
    group = _theirs(code)
    form = GroupForm(queries.details_of(db.session, group))
    del form.name, form.kind, form.area_code, form.parent
    return changing.details(group, form, layout=LAYOUT)


@pages.route("/<code>/contacts/new", methods=["GET", "POST"])
def new_contact(code: str) -> ResponseReturnValue:
    """Add a contact."""
    return changing.contact(_theirs(code), None, layout=LAYOUT)


@pages.route("/<code>/contacts/<int:contact_id>", methods=["GET", "POST"])
def contact(code: str, contact_id: int) -> ResponseReturnValue:
    """Change a contact."""
    return changing.contact(_theirs(code), contact_id, layout=LAYOUT)


@pages.post("/<code>/contacts/<int:contact_id>/remove")
def remove_contact(code: str, contact_id: int) -> ResponseReturnValue:
    """Take a contact out."""
    return changing.remove_contact(_theirs(code), contact_id)


@pages.route("/<code>/meetings/new", methods=["GET", "POST"])
def new_meetings(code: str) -> ResponseReturnValue:
    """Add meetings, as many as a year has."""
    return changing.new_meetings(_theirs(code), layout=LAYOUT)


@pages.route("/<code>/meetings/<int:meeting_id>", methods=["GET", "POST"])
def meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    """Change a meeting."""
    return changing.meeting(_theirs(code), meeting_id, layout=LAYOUT)


@pages.post("/<code>/meetings/<int:meeting_id>/remove")
def remove_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    """Take a meeting out."""
    return changing.remove_meeting(_theirs(code), meeting_id)


@pages.route("/<code>/members/new", methods=["GET", "POST"])
def new_member(code: str) -> ResponseReturnValue:
    """Add a group below this one."""
    above = _theirs(code)
    above_id, name, area_code = above.id, above.name, above.area_code
    form = GroupForm(None, kinds=MEMBER_KINDS)
    del form.area_code, form.parent
    if form.validate_on_submit():
        with refusals_beside(form):
            details = form.details(GroupDetails(name="", kind=GroupKind.MEMBER_GROUP))
            added = service.add_group(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                details=replace(details, area_code=area_code, parent_id=above_id),
            )
            flash(_("The group is in the register."))
            return redirect(url_for(".show", code=added.code), 303)
    heading = _("Add a group that you pass things on to")
    return changing.form_page("group", form, layout=LAYOUT, code=code, name=name, heading=heading)


@pages.route("/<code>/end", methods=["GET", "POST"])
def end(code: str) -> ResponseReturnValue:
    """Take a group below theirs out of use; their own is for officers to end."""
    group = _theirs(code)
    if group.id == _own().id:
        raise NoResultFound
    return changing.end(group, layout=LAYOUT)


def _own() -> Group:
    """Return the group that the coordinator looks after."""
    return queries.get_group(db.session, current_user.group_id)


def _theirs(code: str) -> Group:
    """Return their own group or one below it; every other does not exist: `NoResultFound`."""
    group = queries.get_by_code(db.session, code)
    if group.id not in queries.below(db.session, _own().id):
        raise NoResultFound
    return group


def _page(group: Group) -> ResponseReturnValue:
    return render_template(
        "groups/cpeg/show.html",
        whole=whole(db.session, group, clock.now()),
        own=group.id == _own().id,
        **WORDS,
    )
