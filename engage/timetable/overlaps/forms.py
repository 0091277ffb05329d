"""The form of a decision about two entries that overlap."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from engage.foundations.forms import tidy
from engage.foundations.language import lazy
from engage.timetable.overlaps.labels import OUTCOMES


class DecisionForm(FlaskForm):
    """What is to become of two entries, and why."""

    outcome = RadioField(
        lazy("What is to be done"),
        [DataRequired(lazy("Choose what is to be done."))],
        choices=[SelectChoice(outcome.value, text.verb) for outcome, text in OUTCOMES.items()],
    )
    reason = TextAreaField(
        lazy("Why"),
        [DataRequired(lazy("Give the reason, so that it can be understood later."))],
        filters=[tidy],
        description=lazy("Officers see it on both entries. Say whom you have agreed it with."),
    )
