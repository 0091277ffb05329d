"""The page on which an authenticator app is told its secret."""

from __future__ import annotations

from flask import current_app, render_template, session
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from engage.foundations.pages import INVALID
from engage.people import second_factor
from engage.people.models import Person

# The nonce alone says nothing of the secret, so the browser may carry it until the code is right.
HELD = "second_factor_nonce"


def held_nonce() -> str:
    """Return the nonce of the secret that this browser was shown, a new one where it was shown none."""
    if HELD not in session:
        session[HELD] = second_factor.new_nonce()
    return str(session[HELD])


def set_up_page(form: FlaskForm, person: Person, *, layout: str, required: bool) -> ResponseReturnValue:
    """Return the page with the secret, as a picture and to type, and the form for the first code."""
    secret = second_factor.secret_of(held_nonce())
    issuer = current_app.jinja_env.globals["site"].name  # type: ignore[attr-defined]
    page = render_template(
        "people/set_up.html",
        layout=layout,
        form=form,
        picture=second_factor.picture(secret, account=person.email, issuer=issuer),
        secret=second_factor.in_fours(secret),
        required=required,
    )
    return page, (INVALID if form.is_submitted() else 200)
