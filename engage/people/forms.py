"""The form to sign in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from engage.foundations.language import lazy
from engage.people.rules import LONGEST_PASSWORD

_WRONG = lazy("Enter the right email address and password")


class SignInForm(FlaskForm):
    """Email address and password; `next` is the page the person was on the way to."""

    email = EmailField(
        lazy("Email address"),
        validators=[InputRequired(lazy("Enter your email address")), Length(max=320, message=_WRONG)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy("Password"),
        validators=[
            InputRequired(lazy("Enter your password")),
            Length(max=LONGEST_PASSWORD, message=_WRONG),
        ],
    )
    next = HiddenField()
