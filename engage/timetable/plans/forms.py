"""The forms of the calendar of plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from engage.boroughs.models import Area
from engage.foundations.forms import DayField, tidy
from engage.foundations.language import _, day, lazy
from engage.timetable.plans.labels import PARTS, TIERS
from engage.timetable.plans.rules import Period
from engage.timetable.plans.service import PlanDetails
from engage.timetable.rules import PlanPart, PlanTier


class PlanForm(FlaskForm):
    """Everything an officer says of a stretch of a plan's life; fields are called as in `PlanDetails`."""

    title = StringField(
        lazy("Which plan"),
        [DataRequired(lazy("Say which plan it is."))],
        filters=[tidy],
        description=lazy("For example: Policing plan 2028/29."),
    )
    organisation = StringField(
        lazy("Whose plan"), [DataRequired(lazy("Say whose plan it is."))], filters=[tidy]
    )
    tier = RadioField(
        lazy("What kind of plan"),
        [DataRequired(lazy("Choose what kind of plan it is."))],
        choices=[SelectChoice(tier.value, text) for tier, text in TIERS.items()],
    )
    area_code = SelectField(lazy("Which part of London"))
    part = RadioField(
        lazy("Which part of its life"),
        [DataRequired(lazy("Choose which part of its life it is."))],
        choices=[SelectChoice(part.value, text.name) for part, text in PARTS.items()],
    )
    starts_on = DayField(lazy("First day"), "", DataRequired(lazy("Enter the first day.")))
    ends_on = DayField(lazy("Last day"), "", DataRequired(lazy("Enter the last day.")))
    feeds_id = SelectField(
        lazy("What it leads to"), description=lazy("What comes next because of it, if anything does.")
    )
    note = TextAreaField(lazy("Note"), filters=[tidy], description=lazy("People see it in the table."))
    source = StringField(
        lazy("Where the dates are from"),
        filters=[tidy],
        description=lazy("A law, a paper or a web address."),
    )

    def __init__(
        self, areas: Sequence[Area], periods: Sequence[Period], mine: int | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.area_code.choices = [
            SelectChoice("", lazy("All of London, or wider")),
            *(SelectChoice(area.code, area.name) for area in areas),
        ]
        self.feeds_id.choices = [
            SelectChoice("", lazy("Nothing")),
            *(SelectChoice(str(each.id), named(each)) for each in periods if each.id != mine),
        ]

    def details(self) -> PlanDetails:
        """Return what the form says; all its fields must be valid on their own."""
        assert self.starts_on.data is not None
        assert self.ends_on.data is not None
        return PlanDetails(
            title=self.title.data or "",
            organisation=self.organisation.data or "",
            tier=PlanTier(self.tier.data),
            part=PlanPart(self.part.data),
            area_code=self.area_code.data or None,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            feeds_id=int(self.feeds_id.data) if self.feeds_id.data else None,
            note=self.note.data or "",
            source=self.source.data or "",
        )


class FileForm(FlaskForm):
    """A file of plans."""

    file = FileField(lazy("File"), [FileRequired(lazy("Choose a file."))])


def named(period: Period) -> str:
    """Return a stretch as a list of them names it."""
    part = str(PARTS[period.part].name).lower()
    return str(
        _("%(title)s: %(part)s, from %(day)s", title=period.title, part=part, day=day(period.starts_on))
    )
