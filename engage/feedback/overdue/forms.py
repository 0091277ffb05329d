"""The form of a delay."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from engage.foundations.forms import DayField
from engage.foundations.language import lazy


class DelayForm(FlaskForm):
    """By when the feedback is to come instead, and why it is late."""

    expected_on = DayField(
        lazy("New day by which it will be published"),
        lazy("For example, 3 10 2027. The day it was due stays on the page."),
        InputRequired(lazy("Enter the new day by which it will be published.")),
    )
    reason = TextAreaField(
        lazy("Why it is late"),
        [InputRequired(lazy("Say why the feedback is late. Everybody can read it."))],
        filters=[lambda text: (text or "").replace("\r\n", "\n").strip()],
        description=lazy("In plain English: what happened, and what is still to be done. This is published."),
    )
