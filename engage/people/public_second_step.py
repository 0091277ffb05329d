"""The second step of signing in: a code, a recovery code, or setting up what is asked for from now on."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.language import _, plural
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.people import factors, service, trying
from engage.people.entering import HELD, Halfway, desk_of, find_halfway, go_in
from engage.people.forms import CodeForm, RecoveryForm
from engage.people.setting_up import held_nonce, set_up_page

# Nobody is signed in here yet: each page asks for somebody who has just given their password.
pages = Pages("second_step", __name__, admits=Audience.EVERYBODY, url_prefix="/sign-in")


@pages.route("/code", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for the code that the person's app shows."""
    now, address = clock.now(), request.remote_addr or ""
    halfway = _find_asked(now)
    if halfway is None:
        return _begin_again()
    form, person = CodeForm(), halfway.person
    if form.validate_on_submit():
        with refusals_beside(form):
            with transaction(db.session):
                trying.count_code(db.session, person_id=person.id, address=address, now=now)
            factors.use_code(db.session, person_id=person.id, code=str(form.code.data), now=now)
            trying.forget_codes(db.session, person_id=person.id, address=address, now=now)
            service.note_sign_in(db.session, person_id=person.id, now=now, means="code")
            go_in(person)
            return redirect(halfway.wanted or desk_of(person), 303)
    page = render_template("people/public/code.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/recovery-code", methods=["GET", "POST"])
def recover() -> ResponseReturnValue:
    """Take a recovery code instead; the person is led to set up their new device."""
    now, address = clock.now(), request.remote_addr or ""
    halfway = _find_asked(now)
    if halfway is None:
        return _begin_again()
    form, person = RecoveryForm(), halfway.person
    if form.validate_on_submit():
        with refusals_beside(form):
            with transaction(db.session):
                trying.count_key(db.session, purpose=trying.RECOVERY, address=address, now=now, field="code")
            left = factors.use_recovery_code(
                db.session, person_id=person.id, code=str(form.code.data), now=now
            )
            service.note_sign_in(db.session, person_id=person.id, now=now, means="recovery_code")
            go_in(person)
            flash(
                plural(
                    "You have %(num)d recovery code left. Set up your new device here.",
                    "You have %(num)d recovery codes left. Set up your new device here.",
                    left,
                )
            )
            return redirect(url_for("account.index"), 303)
    page = render_template("people/public/recovery_code.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.route("/second-factor", methods=["GET", "POST"])
def set_up() -> ResponseReturnValue:
    """Set up the second factor before anything else; shows the recovery codes, this once."""
    now, address = clock.now(), request.remote_addr or ""
    halfway = find_halfway(now)
    if halfway is None:
        return _begin_again()
    if halfway.person.totp_confirmed_at is not None:
        return redirect(url_for(".ask"), 303)
    form, person_id, wanted = CodeForm(), halfway.person.id, halfway.wanted
    if form.validate_on_submit():
        with refusals_beside(form):
            with transaction(db.session):
                trying.count_code(db.session, person_id=person_id, address=address, now=now)
            person, codes = factors.set_up(
                db.session, person_id=person_id, nonce=held_nonce(), code=str(form.code.data), now=now
            )
            trying.forget_codes(db.session, person_id=person_id, address=address, now=now)
            service.note_sign_in(db.session, person_id=person_id, now=now, means="code")
            go_in(person)
            return render_template(
                "people/recovery_codes.html",
                layout="layouts/page.html",
                codes=codes,
                onward=wanted or desk_of(person),
                first=True,
            )
    return set_up_page(form, halfway.person, layout="layouts/page.html", required=True)


def _find_asked(now: datetime) -> Halfway | None:
    """Return who has given their password and is asked for a code, None where nobody is."""
    halfway = find_halfway(now)
    return halfway if halfway is not None and halfway.person.totp_confirmed_at is not None else None


def _begin_again() -> ResponseReturnValue:
    session.pop(HELD, None)
    flash(_("Sign in to begin."), "warning")
    return redirect(url_for("sign_in.show"), 303)
