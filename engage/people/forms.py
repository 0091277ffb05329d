"""The forms of signing in and of one's own account."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from engage.foundations.language import lazy
from engage.people.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD

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


_NEW: dict[str, object] = {"autocomplete": "new-password"}
_TOO_LONG = lazy("Enter a password of at most %(n)s characters", n=LONGEST_PASSWORD)
_LONGEST = Length(max=LONGEST_PASSWORD, message=_TOO_LONG)


def _code_field() -> StringField:
    return StringField(
        lazy("Code"),
        description=lazy("Six digits, which change every half minute."),
        validators=[InputRequired(lazy("Enter the code that your app shows")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


def _current_field() -> PasswordField:
    return PasswordField(
        lazy("The password you have now"),
        validators=[InputRequired(lazy("Enter the password you have now")), _LONGEST],
    )


def _new_field() -> PasswordField:
    return PasswordField(
        lazy("New password"),
        description=lazy(
            "At least %(n)s characters. Three or four unrelated words are easy to remember.",
            n=SHORTEST_PASSWORD,
        ),
        validators=[InputRequired(lazy("Enter a new password")), _LONGEST],
        render_kw=_NEW,
    )


class CodeForm(FlaskForm):
    """The code of an authenticator app."""

    code = _code_field()


class SetUpForm(FlaskForm):
    """The first code, and the password again: the browser may be in a stranger's hands."""

    code = _code_field()
    current = _current_field()


class RecoveryForm(FlaskForm):
    """One of the codes that were printed."""

    code = StringField(
        lazy("Recovery code"),
        description=lazy("Twelve letters and digits. Hyphens and small letters do not matter."),
        validators=[InputRequired(lazy("Enter one of your recovery codes")), Length(max=100)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ForgottenForm(FlaskForm):
    """The address of the account."""

    email = EmailField(
        lazy("Email address"),
        validators=[InputRequired(lazy("Enter your email address")), Length(max=320)],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


class NewPasswordForm(FlaskForm):
    """A password to begin with, or instead of a forgotten one."""

    password = _new_field()


class ChangePasswordForm(FlaskForm):
    """Another password."""

    current = _current_field()
    password = _new_field()


class ConfirmForm(FlaskForm):
    """The password, before something is done about the account."""

    current = _current_field()
