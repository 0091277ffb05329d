"""The form of a bad time to ask."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from engage.foundations.forms import DayField
from engage.foundations.language import lazy
from engage.timetable.periods.rules import KINDS


class PeriodForm(FlaskForm):
    """A stretch of days, and why nobody should be asked then."""

    kind = RadioField(
        lazy("Why it is a bad time"),
        [DataRequired(lazy("Choose why it is a bad time."))],
        choices=[SelectChoice(kind.value, text) for kind, text in KINDS.items()],
    )
    title = StringField(
        lazy("Name"),
        [DataRequired(lazy("Enter a name, such as Easter holidays 2027."))],
        description=lazy("Such as “Easter holidays 2027” or “Election of the Mayor”."),
    )
    starts_on = DayField(lazy("First day"), "", DataRequired(lazy("Enter the first day.")))
    ends_on = DayField(lazy("Last day"), "", DataRequired(lazy("Enter the last day.")))
