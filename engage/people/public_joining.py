"""Joining by the link of an invitation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.people import joining
from engage.people.entering import desk_of, go_in, must_set_up, stop_halfway
from engage.people.forms import NewPasswordForm
from engage.people.mailed_keys import held_hash, no_longer, take_key
from engage.people.rules import KeyPurpose

pages = Pages("joining", __name__, admits=Audience.EVERYBODY, url_prefix="/join")


@pages.get("/")
def enter() -> ResponseReturnValue:
    """Take the key out of the address and lead to what it opens."""
    return take_key(KeyPurpose.JOIN, "joining.choose")


@pages.route("/password", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Choose a password, and join."""
    if gone := no_longer(KeyPurpose.JOIN):
        return gone
    form = NewPasswordForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            now = clock.now()
            person = joining.accept(
                db.session,
                token_hash=held_hash(KeyPurpose.JOIN),
                password=str(form.password.data),
                now=now,
            )
            if must_set_up(person):
                stop_halfway(person, None, now)
                return redirect(url_for("second_step.set_up"), 303)
            go_in(person)
            flash(_("Welcome, %(name)s. This is your desk.", name=person.name))
            return redirect(desk_of(person), 303)
    page = render_template("people/public/join.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)
