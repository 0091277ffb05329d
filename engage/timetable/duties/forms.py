"""The form of a statutory duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired

from engage.foundations.forms import DayField, tidy
from engage.foundations.language import lazy
from engage.timetable.duties.service import DutyDetails


class MonthsField(IntegerField):
    """A number of months in figures; empty is no set rhythm."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None if valuelist else self.data
        typed = "".join(map(str, valuelist)).strip()
        if not typed:
            return
        if not (typed.isdecimal() and len(typed) < 5):
            raise ValueError(lazy("Enter a number of months, such as 12."))
        self.data = int(typed)


class DutyForm(FlaskForm):
    """Everything an officer says of a duty; fields are called as in `DutyDetails`."""

    name = StringField(
        lazy("What must be done"),
        [DataRequired(lazy("Say in plain words what the duty is."))],
        filters=[tidy],
        description=lazy("In plain words: people see this on every entry that serves it."),
    )
    law = TextAreaField(
        lazy("The law it comes from"),
        filters=[tidy],
        description=lazy("For example: Police Act 1996, section 96."),
    )
    requires = TextAreaField(
        lazy("What the law requires"), filters=[tidy], description=lazy("In one or two plain sentences.")
    )
    every_months = MonthsField(
        lazy("How many months may pass before it is served again"),
        description=lazy("12 for every year. Leave it empty where the law sets no rhythm."),
    )
    ended_on = DayField(
        lazy("Day from which it is no longer a duty"),
        lazy("Leave it empty while it is in force. What has served it stays in the register."),
    )

    def details(self) -> DutyDetails:
        """Return what the form says."""
        return DutyDetails(
            name=self.name.data or "",
            law=self.law.data or "",
            requires=self.requires.data or "",
            every_months=self.every_months.data,
            ended_on=self.ended_on.data,
        )
