"""The form that leaves an address. What is asked of a respondent is built from the questionnaire instead."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField, StringField
from wtforms.validators import InputRequired

from engage.foundations.language import Text, lazy


def _printable(typed: str | None) -> str:
    """Return what was typed without signs that no page may show again."""
    return "".join(sign for sign in typed or "" if sign.isprintable())


def _code_field(label: Text, *, missing: Text) -> StringField:
    """Return the field for a secret code that somebody was given."""
    return StringField(
        label,
        description=lazy(
            "Twelve letters and numbers, like 7KQ4-B2XD-9PMH. Hyphens and capitals do not matter."
        ),
        validators=[InputRequired(missing)],
        filters=[_printable],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ContactForm(FlaskForm):
    """An address to be told what came of it. No account, so no session to protect from forged posts."""

    class Meta:
        csrf = False

    address = EmailField(
        lazy("Your email address"),
        description=lazy("We use it for this only, and keep it apart from your answers."),
        validators=[InputRequired(lazy("Write your email address."))],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
    wants_updates = BooleanField(
        lazy("Tell me later, too, what became of it"),
        description=lazy(
            "We then also write when there is news of what was decided, at most once a day. "
            "Without this you get one email, with the result."
        ),
    )


class ReceiptForm(FlaskForm):
    """The code somebody was given when their response was stored."""

    class Meta:
        csrf = False

    code = _code_field(lazy("Your receipt code"), missing=lazy("Write your receipt code."))


class ReturnForm(FlaskForm):
    """The code somebody was given when they saved a form for later."""

    class Meta:
        csrf = False

    code = _code_field(lazy("Your return code"), missing=lazy("Write your return code."))


class MailCodeForm(FlaskForm):
    """An address to which a return code is sent, once."""

    class Meta:
        csrf = False

    address = EmailField(
        lazy("Your email address"),
        description=lazy(
            "We send the code and forget the address. Whoever reads your email can then see your answers."
        ),
        validators=[InputRequired(lazy("Write your email address."))],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )


class AgeForm(FlaskForm):
    """How old somebody is, as far as it matters; the page names the bands."""

    class Meta:
        csrf = False

    age = RadioField(lazy("How old are you?"), [InputRequired(lazy("Choose how old you are."))])
