"""Signing in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.people import service
from engage.people.forms import SignInForm
from engage.people.models import Person
from engage.people.rules import Role, safe_next

pages = Pages("sign_in", __name__, admits=Audience.EVERYBODY)


@pages.get("/sign-in")
def show() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    wanted = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or _desk_of(current_user), 303)
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
                service.count_try(db.session, email=email, address=address, now=now)
            person = service.sign_in(db.session, email=email, password=str(form.password.data), now=now)
            service.forget_tries(db.session, email=email, address=address, now=now)
            # Nothing that was in the browser before belongs to the person who is there now.
            session.clear()
            login_user(person)
            return redirect(safe_next(form.next.data) or _desk_of(person), 303)
    return render_template("people/public/sign_in.html", form=form), INVALID


@pages.post("/sign-out")
def leave() -> ResponseReturnValue:
    """Forget, in this browser, who was signed in."""
    session.clear()
    return redirect(url_for("home.index"), 303)


def _desk_of(person: Person) -> str:
    coordinator = person.role is Role.COORDINATOR
    return url_for("coordinator_desk.index" if coordinator else "officer_desk.index")
