"""Forms of the analysis; the codes themselves are read from the page's own fields."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import TextAreaField

from engage.analysis.coding import NONE
from engage.analysis.queries import OwnWords
from engage.analysis.service import Code
from engage.foundations.language import lazy


class ButtonForm(FlaskForm):
    """A button and nothing else."""


class RequestForm(FlaskForm):
    """What is asked of groups; which groups, the page's own boxes say."""

    message = TextAreaField(
        lazy("What you ask of them"),
        description=lazy("It goes to their contacts and to their own page."),
    )


def field_name(text: OwnWords) -> str:
    """Return the name of the field that asks for the code of a text. It says which text was shown."""
    return f"code-{text.response_id}-{text.slot}-{text.text_digest}-{text.question}"


def read_codes(fields: Mapping[str, str]) -> list[Code]:
    """Return the codes chosen on the page; texts for which nothing was chosen are not among them."""
    codes = []
    for name, chosen in fields.items():
        kind, _, rest = name.partition("-")
        parts = rest.split("-", 3)
        if kind != "code" or not chosen or len(parts) < 4:
            continue
        response, slot, digest, question = parts
        if response.isdecimal() and slot.isdecimal():
            code = None if chosen == NONE else chosen
            codes.append(Code(int(response), question, int(slot), digest, code))
    return codes
