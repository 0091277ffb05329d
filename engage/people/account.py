"""Everybody's own account: password, second factor, recovery codes, sessions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.foundations.refusals import Refused
from engage.people import accounts, factors, mails, queries, service, trying
from engage.people.entering import go_in, needs_two
from engage.people.forms import ChangePasswordForm, ConfirmForm, SetUpForm
from engage.people.mails import News
from engage.people.rules import ROLES, Role
from engage.people.setting_up import held_nonce, set_up_page

pages = Pages("account", __name__, admits=Audience.SIGNED_IN, url_prefix="/account")


@pages.get("/")
def index() -> ResponseReturnValue:
    """What the account is, and what can be done about it."""
    return render_template(
        "people/account/index.html",
        layout=_layout(),
        person=current_user,
        role=ROLES[current_user.role],
        codes=queries.count_recovery_codes(db.session, current_user.id),
        required=needs_two(current_user),
    )


@pages.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change the password; other browsers are signed out."""
    layout, person_id = _layout(), current_user.id
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            _count(person_id, "current")
            person = service.change_own_password(
                db.session,
                person_id=person_id,
                current=str(form.current.data),
                password=str(form.password.data),
                now=clock.now(),
            )
            mails.tell(db.session, person=person, news=News.CREDENTIALS, now=clock.now())
            go_in(person)
            flash(_("Your password is changed. Other browsers are signed out."))
            return redirect(url_for(".index"), 303)
    page = render_template("people/account/password.html", layout=layout, form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/second-factor", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    """Set up a second factor, or another device; shows the recovery codes, this once."""
    layout, person_id = _layout(), current_user.id
    form = SetUpForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            _count(person_id, "code")
            service.check_own_password(db.session, person_id=person_id, password=str(form.current.data))
            person, codes = factors.set_up(
                db.session,
                person_id=person_id,
                nonce=held_nonce(),
                code=str(form.code.data),
                now=clock.now(),
            )
            go_in(person)
            return _show_codes(codes, layout)
    return set_up_page(form, current_user, layout=layout, required=False)


@pages.route("/second-factor/off", methods=["GET", "POST"])
def second_factor_off() -> ResponseReturnValue:
    """Take the second factor off, where none is required."""
    layout, person_id, required = _layout(), current_user.id, needs_two(current_user)
    form = ConfirmForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            if required:
                raise Refused(_("Your role needs a code. It cannot be turned off."))
            _count(person_id, "current")
            service.check_own_password(db.session, person_id=person_id, password=str(form.current.data))
            actor = queries.get_person(db.session, person_id).label
            go_in(factors.take_off(db.session, person_id=person_id, actor=actor, now=clock.now()))
            flash(_("You sign in with your password alone from now on."))
            return redirect(url_for(".index"), 303)
    page = render_template("people/account/off.html", layout=layout, form=form, required=required)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them, this once."""
    layout, person_id = _layout(), current_user.id
    form = ConfirmForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            _count(person_id, "current")
            service.check_own_password(db.session, person_id=person_id, password=str(form.current.data))
            codes = factors.renew_codes(db.session, person_id=person_id, now=clock.now())
            return _show_codes(codes, layout)
    page = render_template("people/account/recovery_codes.html", layout=layout, form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session, this one too."""
    accounts.sign_out_everywhere(
        db.session, person_id=current_user.id, actor=current_user.label, now=clock.now()
    )
    session.clear()
    flash(_("You are signed out in every browser."))
    return redirect(url_for("timetable.index"), 303)


def _show_codes(codes: list[str], layout: str) -> ResponseReturnValue:
    return render_template(
        "people/recovery_codes.html", layout=layout, codes=codes, onward=url_for(".index"), first=False
    )


def _count(person_id: int, field: str) -> None:
    """Count a try at somebody's own password or code: their browser may be in a stranger's hands."""
    with transaction(db.session):
        trying.count_own(
            db.session,
            person_id=person_id,
            address=request.remote_addr or "",
            now=clock.now(),
            field=field,
        )


def _layout() -> str:
    coordinator = current_user.role is Role.COORDINATOR
    return "layouts/coordinator.html" if coordinator else "layouts/officer.html"
