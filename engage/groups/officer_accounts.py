"""Everybody's accounts, for administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.forms import ButtonForm
from engage.foundations.language import Text, _, lazy
from engage.foundations.lists import one_of
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.groups import queries
from engage.groups.accounts.forms import InviteForm, RoleForm
from engage.groups.accounts.listing import Account, AccountFilters, accounts, get_account
from engage.groups.listing import choices
from engage.people import accounts as verbs
from engage.people import factors, joining
from engage.people.models import Person
from engage.people.queries import get_person
from engage.people.rules import ROLE_HINTS, ROLES, STANDINGS, Role, Standing

pages = Pages("officer_accounts", __name__, admits=Audience.ADMINISTRATORS, url_prefix="/officer/accounts")


@pages.get("/")
def index() -> ResponseReturnValue:
    """List the accounts, narrowed as the address asks."""
    asked = request.args
    filters = AccountFilters(
        words=asked.get("words", "").strip(),
        role=one_of(Role, asked.get("role", "")),
        standing=one_of(Standing, asked.get("state", "")),
    )
    number = asked.get("page", 1, type=int)
    return render_template(
        "people/officer/index.html",
        page=accounts(db.session, filters, number=number, now=clock.now()),
        filters=filters,
        **WORDS,
    )


@pages.route("/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Invite somebody by mail."""
    form = InviteForm(choices(db.session))
    if form.validate_on_submit():
        with refusals_beside(form):
            person = joining.invite(
                db.session,
                email=str(form.email.data),
                name=str(form.name.data),
                role=Role(form.role.data),
                group_id=form.group_id(),
                group=_group_name(form.group_id()),
                by=current_user,
                now=clock.now(),
            )
            flash(_("The invitation is on its way to %(address)s.", address=person.email))
            return redirect(url_for(".index"), 303)
    page = render_template("people/officer/invite.html", form=form, ROLE_HINTS=ROLE_HINTS)
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """Show one account and what can be done with it."""
    account = get_account(db.session, person_id, now=clock.now())
    steps = [(name, step) for name, step in STEPS.items() if step.fits(account)]
    return render_template("people/officer/show.html", account=account, steps=steps, **WORDS)


@pages.route("/<int:person_id>/role", methods=["GET", "POST"])
def role(person_id: int) -> ResponseReturnValue:
    """Change somebody's role, or their group."""
    person = get_person(db.session, person_id)
    form = RoleForm(
        _with(choices(db.session), person.group_id), role=person.role.value, group=person.group_id or 0
    )
    if form.validate_on_submit():
        with refusals_beside(form):
            verbs.change_role(
                db.session,
                person_id=person_id,
                role=Role(form.role.data),
                group_id=form.group_id(),
                actor=current_user.label,
                now=clock.now(),
            )
            flash(_("The role is changed. They are signed out everywhere."))
            return redirect(url_for(".show", person_id=person_id), 303)
    account = get_account(db.session, person_id, now=clock.now())
    page = render_template("people/officer/role.html", form=form, account=account, ROLE_HINTS=ROLE_HINTS)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/<int:person_id>/<step>", methods=["GET", "POST"])
def take(person_id: int, step: str) -> ResponseReturnValue:
    """Say what a step does, and take it."""
    wanted = STEPS.get(step) or abort(404)
    account = get_account(db.session, person_id, now=clock.now())
    form = ButtonForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            # The actor may be the person themselves, whose session then ends with the rest.
            actor = get_person(db.session, current_user.id)
            if not wanted.fits(account):
                raise Refused(lazy("This cannot be done with the account as it is now."))
            wanted.do(account, actor, clock.now())
            flash(_("Done: %(what)s", what=wanted.title))
            onward = url_for(".index") if step == "withdraw" else url_for(".show", person_id=person_id)
            return redirect(onward, 303)
    page = render_template("people/officer/step.html", form=form, account=account, step=wanted)
    return page, (INVALID if form.is_submitted() else 200)


@dataclass(frozen=True, slots=True)
class Step:
    """Something done with an account: for which it fits, what it means, and the verb."""

    title: Text
    meaning: Text
    fits: Callable[[Account], bool]
    do: Callable[[Account, Person, datetime], object]
    grave: bool = False


def _is_pending(account: Account) -> bool:
    return account.standing in (Standing.INVITED, Standing.LAPSED)


def _is_active(account: Account) -> bool:
    return account.standing is Standing.ACTIVE


def _resend(account: Account, actor: Person, now: datetime) -> None:
    joining.resend(db.session, person_id=account.id, group=account.group or "", by=actor, now=now)


def _withdraw(account: Account, actor: Person, now: datetime) -> None:
    joining.withdraw(db.session, person_id=account.id, actor=actor.label, now=now)


def _close(account: Account, actor: Person, now: datetime) -> None:
    verbs.close(db.session, person_id=account.id, actor=actor.label, now=now)


def _reopen(account: Account, actor: Person, now: datetime) -> None:
    group_id = get_person(db.session, account.id).group_id
    if group_id is not None and not queries.get_group(db.session, group_id).active:
        raise Refused(lazy("Their group has ended. Move them to another group first."))
    verbs.reopen(db.session, person_id=account.id, actor=actor.label, now=now)


def _end_sessions(account: Account, actor: Person, now: datetime) -> None:
    verbs.sign_out_everywhere(db.session, person_id=account.id, actor=actor.label, now=now)


def _take_off(account: Account, actor: Person, now: datetime) -> None:
    factors.take_off(db.session, person_id=account.id, actor=actor.label, now=now)


STEPS: Mapping[str, Step] = {
    "resend": Step(
        lazy("Send the invitation again"),
        lazy("A new link goes to their address, good for seven days. Those sent before stop working."),
        _is_pending,
        _resend,
    ),
    "withdraw": Step(
        lazy("Withdraw the invitation"),
        lazy("The link stops working. The address can be invited again."),
        _is_pending,
        _withdraw,
        grave=True,
    ),
    "sign-out": Step(
        lazy("Sign them out everywhere"),
        lazy("Every browser in which they are signed in is signed out at once."),
        _is_active,
        _end_sessions,
    ),
    "code-off": Step(
        lazy("Take the code off"),
        lazy(
            "For somebody who has lost both their app and their recovery codes: make sure that it is "
            "they who ask. They are told by email. If their role needs a code, they set up a new one when "
            "they next sign in."
        ),
        lambda account: _is_active(account) and account.second_factor,
        _take_off,
        grave=True,
    ),
    "close": Step(
        lazy("Close the account"),
        lazy("They are signed out everywhere at once and can no longer sign in. What they did stays."),
        _is_active,
        _close,
        grave=True,
    ),
    "reopen": Step(
        lazy("Open the account again"),
        lazy("They can sign in again with the password they had."),
        lambda account: account.standing is Standing.ENDED,
        _reopen,
    ),
}
WORDS = {"ROLES": ROLES, "STANDINGS": STANDINGS}


def _group_name(group_id: int | None) -> str:
    return queries.get_group(db.session, group_id).name if group_id is not None else ""


def _with(
    found: list[tuple[int, str, str | None]], group_id: int | None
) -> list[tuple[int, str, str | None]]:
    """Return the groups to choose from with the one somebody has, which may have ended."""
    if group_id is None or any(group_id == id for id, _name, _area in found):
        return found
    return [(group_id, queries.get_group(db.session, group_id).name, None), *found]
