"""Signing in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.people import service, trying
from engage.people.entering import desk_of, go_in, must_set_up, stop_halfway
from engage.people.forms import SignInForm
from engage.people.models import Person
from engage.people.rules import safe_next

pages = Pages("sign_in", __name__, admits=Audience.EVERYBODY)


@pages.get("/sign-in")
def show() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    wanted = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or desk_of(current_user), 303)
    form = SignInForm(next=wanted)
    return render_template("people/public/sign_in.html", form=form)


@pages.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Sign in. Nobody's account is looked at before the password is checked, whoever is signed in now."""
    form = SignInForm()
    if form.validate_on_submit():
        email, address, now = str(form.email.data), request.remote_addr or "", clock.now()
        with refusals_beside(form):
            # Committed at once: an answer that refuses is rolled back, and the try must be remembered.
            with transaction(db.session):
                trying.count_try(db.session, email=email, address=address, now=now)
            person = service.check_password(db.session, email=email, password=str(form.password.data))
            trying.forget_tries(db.session, email=email, address=address, now=now)
            return _go_on(person, safe_next(form.next.data))
    return render_template("people/public/sign_in.html", form=form), INVALID


@pages.post("/sign-out")
def leave() -> ResponseReturnValue:
    """Forget, in this browser, who was signed in."""
    session.clear()
    return redirect(url_for("home.index"), 303)


def _go_on(person: Person, wanted: str | None) -> ResponseReturnValue:
    """Lead somebody whose password was right to the second step, or in where there is none."""
    now = clock.now()
    if person.totp_confirmed_at is not None:
        stop_halfway(person, wanted, now)
        return redirect(url_for("second_step.ask"), 303)
    if must_set_up(person):
        stop_halfway(person, wanted, now)
        return redirect(url_for("second_step.set_up"), 303)
    service.note_sign_in(db.session, person_id=person.id, now=now)
    go_in(person)
    return redirect(wanted or desk_of(person), 303)
