"""A forgotten password: asking for a link by mail, and choosing another by it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.language import _
from engage.foundations.pages import INVALID, Audience, Pages, refusals_beside
from engage.people import resetting, trying
from engage.people.forms import ForgottenForm, NewPasswordForm
from engage.people.mailed_keys import held_hash, no_longer, take_key
from engage.people.rules import KeyPurpose

pages = Pages("new_password", __name__, admits=Audience.EVERYBODY)


@pages.route("/forgotten-password", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for a link. The answer and its work are the same whether or not anybody has the address."""
    form = ForgottenForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            now, address = clock.now(), request.remote_addr or ""
            with transaction(db.session):
                trying.count_key(db.session, purpose=trying.RESETS, address=address, now=now, field="email")
            resetting.ask(db.session, email=str(form.email.data), now=now)
            return redirect(url_for(".asked"), 303)
    page = render_template("people/public/forgotten.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)


@pages.get("/forgotten-password/sent")
def asked() -> ResponseReturnValue:
    """Say what happens now."""
    return render_template("people/public/forgotten_sent.html")


@pages.get("/new-password/")
def enter() -> ResponseReturnValue:
    """Take the key out of the address and lead to what it opens."""
    return take_key(KeyPurpose.RESET, "new_password.choose")


@pages.route("/new-password/choose", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Choose another password; the person signs in with it, second step and all."""
    if gone := no_longer(KeyPurpose.RESET):
        return gone
    form = NewPasswordForm()
    if form.validate_on_submit():
        with refusals_beside(form):
            resetting.choose(
                db.session,
                token_hash=held_hash(KeyPurpose.RESET),
                password=str(form.password.data),
                now=clock.now(),
            )
            session.clear()
            flash(_("Your password is changed. Sign in with the new one."))
            return redirect(url_for("sign_in.show"), 303)
    page = render_template("people/public/new_password.html", form=form)
    return page, (INVALID if form.is_submitted() else 200)
