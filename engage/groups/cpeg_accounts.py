"""The coordinators of a coordinator's own group and those below it: inviting, handing over, leaving."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.forms import ButtonForm
from engage.foundations.language import _, lazy
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.groups import queries
from engage.groups.accounts.forms import InviteBelowForm, SuccessorForm
from engage.groups.accounts.listing import Account, accounts_of_groups
from engage.groups.listing import choices
from engage.people import accounts as verbs
from engage.people import joining, trying
from engage.people.models import Person
from engage.people.queries import find_by_email, get_person
from engage.people.rules import STANDINGS, Role, Standing

pages = Pages(
    "coordinator_accounts", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/people"
)

# The same whoever has the address: a coordinator is not told who else has an account.
TAKEN = lazy("This address cannot be invited to your groups. Ask the authority.")


@pages.get("/")
def index() -> ResponseReturnValue:
    """List the coordinators of the group and of those below it, invited ones among them."""
    return render_template(
        "people/cpeg/index.html", accounts=_theirs(), STANDINGS=STANDINGS, Standing=Standing
    )


@pages.route("/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Invite a coordinator of a group below."""
    below = set(queries.below(db.session, current_user.group_id)) - {current_user.group_id}
    form = InviteBelowForm([choice for choice in choices(db.session) if choice[0] in below])
    if form.validate_on_submit():
        with refusals_beside(form):
            _count()
            _refuse_taken(str(form.email.data))
            person = joining.invite(
                db.session,
                email=str(form.email.data),
                name=str(form.name.data),
                role=Role.COORDINATOR,
                group_id=form.group.data,
                group=queries.get_group(db.session, form.group.data).name,
                by=current_user,
                now=clock.now(),
            )
            flash(_("The invitation is on its way to %(address)s.", address=person.email))
            return redirect(url_for(".index"), 303)
    page = render_template("people/cpeg/invite.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/<int:person_id>/resend")
def resend(person_id: int) -> ResponseReturnValue:
    """Send an invitation again."""
    account = _invited(person_id)
    try:
        _count()
        joining.resend(
            db.session, person_id=account.id, group=account.group or "", by=current_user, now=clock.now()
        )
        flash(_("The invitation is on its way to %(address)s.", address=account.email))
    except Refused as refusal:
        flash(refusal.message, "error")
    return redirect(url_for(".index"), 303)


@pages.post("/<int:person_id>/withdraw")
def withdraw(person_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    account = _invited(person_id)
    joining.withdraw(db.session, person_id=account.id, actor=current_user.label, now=clock.now())
    flash(_("The invitation of %(name)s is withdrawn.", name=account.name))
    return redirect(url_for(".index"), 303)


@pages.route("/hand-over", methods=["GET", "POST"])
def hand_over() -> ResponseReturnValue:
    """Name a successor: once they join, one's own account ends."""
    group = queries.get_group(db.session, current_user.group_id)
    form = SuccessorForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            _count()
            _refuse_taken(str(form.email.data))
            person = verbs.name_successor(
                db.session,
                person=_me(),
                email=str(form.email.data),
                name=str(form.name.data),
                group=group.name,
                now=clock.now(),
            )
            flash(
                _(
                    "The invitation is on its way to %(address)s. Your account ends when they join.",
                    address=person.email,
                )
            )
            return redirect(url_for(".index"), 303)
    page = render_template("people/cpeg/hand_over.html", form=form, group=group)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/leave", methods=["GET", "POST"])
def leave() -> ResponseReturnValue:
    """End one's own account at once."""
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            verbs.leave(db.session, person_id=current_user.id, now=clock.now())
            session.clear()
            flash(_("Your account is closed. Thank you for what you did."))
            return redirect(url_for("timetable.index"), 303)
    group = queries.get_group(db.session, current_user.group_id)
    alone = [each for each in _theirs() if _carries(each, group.name)] == []
    page = render_template("people/cpeg/leave.html", form=form, group=group, alone=alone)
    return page, (INVALID if form.is_submitted() else 200)


def _me() -> Person:
    return get_person(db.session, current_user.id)


def _theirs() -> list[Account]:
    return accounts_of_groups(db.session, queries.below(db.session, current_user.group_id), now=clock.now())


def _carries(account: Account, group: str) -> bool:
    """Tell whether somebody else looks after the same group."""
    same = account.group == group and account.id != current_user.id
    return same and account.standing is Standing.ACTIVE


def _invited(person_id: int) -> Account:
    """Return an invited coordinator of their groups; anybody else is not found."""
    pending = (Standing.INVITED, Standing.LAPSED)
    found = [each for each in _theirs() if each.id == person_id and each.standing in pending]
    return found[0] if found else abort(404)


def _count() -> None:
    """Count a message that goes where a coordinator says: nobody is to be flooded in our name."""
    person_id = current_user.id
    with transaction(db.session):
        trying.count_invitation(db.session, person_id=person_id, now=clock.now())


def _refuse_taken(email: str) -> None:
    if find_by_email(db.session, email.strip().lower()) is not None:
        raise Refused(TAKEN, "email")
