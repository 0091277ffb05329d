"""The forms of one group, for whichever desk: its details, contacts and meetings.

A desk finds the group, and with it decides who may; it says which layout its pages have. The pages lead
back to its own `.show`.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import Text, _, plural
from engage.foundations.pages import INVALID, refusals_beside
from engage.groups import keeping, queries, service
from engage.groups.forms import ContactForm, GroupForm, MeetingForm, MeetingsForm
from engage.groups.models import Group


def details(group: Group, form: GroupForm, *, layout: str) -> ResponseReturnValue:
    """Change what the register says of a group."""
    group_id, code, name = group.id, group.code, group.name
    if form.validate_on_submit():
        with refusals_beside(form):
            service.change_group(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                group_id=group_id,
                details=form.details(queries.details_of(db.session, group)),
            )
            flash(_("The register says so now."))
            return redirect(url_for(".show", code=code), 303)
    return form_page("group", form, layout=layout, code=code, name=name, heading=_("Change details"))


def contact(group: Group, contact_id: int | None, *, layout: str) -> ResponseReturnValue:
    """Add a contact of a group, or change one."""
    group_id, code, name = group.id, group.code, group.name
    held = queries.get_contact(db.session, group_id, contact_id) if contact_id is not None else None
    form = ContactForm(obj=held)
    if form.validate_on_submit():
        with refusals_beside(form):
            _save_contact(group_id, contact_id, form)
            flash(_("The contact is in the register."))
            return redirect(url_for(".show", code=code, _anchor="contacts"), 303)
    heading = _("Add a contact") if contact_id is None else _("Change a contact")
    return form_page(
        "contact", form, layout=layout, code=code, name=name, heading=heading, contact_id=contact_id
    )


def _save_contact(group_id: int, contact_id: int | None, form: ContactForm) -> None:
    who, now = current_user.label, clock.now()
    if contact_id is None:
        keeping.add_contact(db.session, actor=who, now=now, group_id=group_id, details=form.details())
        return
    keeping.change_contact(
        db.session, actor=who, now=now, group_id=group_id, contact_id=contact_id, details=form.details()
    )


def remove_contact(group: Group, contact_id: int) -> ResponseReturnValue:
    """Take a contact out."""
    code = group.code
    keeping.remove_contact(
        db.session, actor=current_user.label, now=clock.now(), group_id=group.id, contact_id=contact_id
    )
    flash(_("The contact is no longer in the register."))
    return redirect(url_for(".show", code=code, _anchor="contacts"), 303)


def new_meetings(group: Group, *, layout: str) -> ResponseReturnValue:
    """Add meetings of a group, as many as a year has."""
    group_id, code, name = group.id, group.code, group.name
    form = MeetingsForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            added = keeping.add_meetings(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                group_id=group_id,
                meetings=form.meetings(),
            )
            flash(_added(added))
            return redirect(url_for(".show", code=code, _anchor="meetings"), 303)
    return form_page("meetings", form, layout=layout, code=code, name=name, heading=_("Add meetings"))


def _added(meetings: int) -> Text:
    if not meetings:
        return _("Those meetings were in the register already.")
    return plural("One meeting was added.", "%(num)s meetings were added.", meetings)


def meeting(group: Group, meeting_id: int, *, layout: str) -> ResponseReturnValue:
    """Change a meeting of a group."""
    group_id, code, name = group.id, group.code, group.name
    held = queries.get_meeting(db.session, group_id, meeting_id)
    form = MeetingForm.shown(queries.meeting_details(held))
    if form.validate_on_submit():
        with refusals_beside(form):
            keeping.change_meeting(
                db.session,
                actor=current_user.label,
                now=clock.now(),
                group_id=group_id,
                meeting_id=meeting_id,
                details=form.details(),
            )
            flash(_("The meeting is in the register."))
            return redirect(url_for(".show", code=code, _anchor="meetings"), 303)
    return form_page(
        "meeting",
        form,
        layout=layout,
        code=code,
        name=name,
        heading=_("Change a meeting"),
        meeting_id=meeting_id,
    )


def remove_meeting(group: Group, meeting_id: int) -> ResponseReturnValue:
    """Take a meeting out."""
    code = group.code
    keeping.remove_meeting(
        db.session, actor=current_user.label, now=clock.now(), group_id=group.id, meeting_id=meeting_id
    )
    flash(_("The meeting is no longer in the register."))
    return redirect(url_for(".show", code=code, _anchor="meetings"), 303)


def end(group: Group, *, layout: str) -> ResponseReturnValue:
    """Ask once more, and take a group out of use."""
    form = ButtonForm()
    group_id, code, name = group.id, group.code, group.name
    if form.validate_on_submit():
        with refusals_beside(form):
            service.end_group(db.session, actor=current_user.label, now=clock.now(), group_id=group_id)
            flash(_("%(name)s has ended.", name=name))
            return redirect(url_for(".show", code=code), 303)
    below = len(queries.members_of(db.session, group_id))
    return form_page(
        "end", form, layout=layout, code=code, name=name, heading=_("End this group"), below=below
    )


def form_page(
    template: str, form: FlaskForm, *, layout: str, code: str | None, name: str, heading: str, **more: object
) -> ResponseReturnValue:
    """Return a page with a form of the group called `name`."""
    page = render_template(
        f"groups/changing/{template}.html",
        form=form,
        layout=layout,
        code=code,
        name=name,
        heading=heading,
        **more,
    )
    return page, (INVALID if form.is_submitted() else 200)
