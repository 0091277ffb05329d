"""The form of a decision."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from engage.foundations.language import lazy
from engage.plan_export.rules import OUTCOMES, Outcome
from engage.timetable.forms import DayField


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class ButtonForm(FlaskForm):
    """A button and nothing else."""


class DecisionForm(FlaskForm):
    """What was decided on a priority, and why."""

    outcome = RadioField(
        lazy("What was decided"),
        choices=[SelectChoice(outcome.value, label) for outcome, label in OUTCOMES.items()],
        coerce=Outcome,
        validators=[DataRequired(lazy("Choose what was decided."))],
    )
    reason = TextAreaField(
        lazy("Why"),
        filters=[_tidy],
        description=lazy(
            "In plain English. It is published, and everybody who asked to hear what came of it reads it."
        ),
        validators=[DataRequired(lazy("Write the reason: everybody who took part will read it."))],
    )
    decision_maker = StringField(
        lazy("Who decided"),
        filters=[_tidy],
        validators=[DataRequired(lazy("Say who decided.")), Length(max=200)],
    )
    decided_on = DayField(
        lazy("When it was decided"),
        lazy("Not before the consultation closed and its figures were counted."),
        DataRequired(lazy("Enter the day of the decision.")),
    )
