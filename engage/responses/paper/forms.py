"""The forms of paper: a serial, a batch, a printing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from engage.consultations.models import Instrument
from engage.foundations.language import lazy
from engage.groups.models import Group
from engage.responses.models import Channel
from engage.responses.paper.labels import CHANNELS
from engage.responses.paper.rules import EXAMPLE, MOST_FORMS

NO_GROUP = 0


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class PressForm(FlaskForm):
    """A form whose fields are a questionnaire's own."""


class SerialForm(FlaskForm):
    """The serial number of the form to type next."""

    serial = StringField(
        lazy("Serial number"),
        [DataRequired(lazy("Write the serial number of the form."))],
        description=lazy("As it stands at the foot of the form, like %(example)s.", example=EXAMPLE),
        filters=[_tidy],
    )


class BatchForm(FlaskForm):
    """A new batch."""

    title = StringField(
        lazy("What to call this batch"),
        [
            DataRequired(lazy("Write what to call this batch.")),
            Length(max=200, message=lazy("Use at most 200 characters.")),
        ],
        description=lazy("Such as: Libraries in Camden, September."),
        filters=[_tidy],
    )
    instrument_id = SelectField(
        lazy("Questionnaire"),
        coerce=int,
        description=lazy("The forms are of the version that is given out now, and stay so."),
    )
    channel = RadioField(
        lazy("How the answers come"),
        choices=[SelectChoice(channel.value, name) for channel, name in CHANNELS.items()],
        default=Channel.PAPER.value,
    )
    forms = IntegerField(
        lazy("How many forms"),
        [
            InputRequired(lazy("Write how many forms, in figures.")),
            NumberRange(1, MOST_FORMS, lazy("Make 1 to %(n)s forms at a time.", n=f"{MOST_FORMS:,}")),
        ],
    )
    group_id = SelectField(
        lazy("For which group"),
        coerce=int,
        description=lazy("Its responses are then counted with the group’s. Leave it where there is none."),
    )
    twice = RadioField(
        lazy("How often each form is typed"),
        choices=[
            SelectChoice("no", lazy("Once")),
            SelectChoice("yes", lazy("Twice, by two people, before it counts")),
        ],
        default="no",
    )

    def __init__(self, instruments: Sequence[Instrument], groups: Sequence[Group], **options: Any) -> None:
        super().__init__(**options)
        self.instrument_id.choices = [SelectChoice(each.id, each.title) for each in instruments]
        none = SelectChoice(NO_GROUP, lazy("No group"))
        self.group_id.choices = [none, *(SelectChoice(each.id, each.name) for each in groups)]


class PrintForm(FlaskForm):
    """Which forms to print, and what stands on them beside the questions."""

    size = RadioField(
        lazy("Size of the print"),
        choices=[
            SelectChoice("normal", lazy("Normal (12 point)")),
            SelectChoice("large", lazy("Large print (18 point)")),
        ],
        default="normal",
    )
    first = IntegerField(lazy("From number"), [InputRequired(lazy("Write a number, in figures."))])
    last = IntegerField(lazy("To number"), [InputRequired(lazy("Write a number, in figures."))])
    return_to = TextAreaField(
        lazy("Where people send it"),
        [
            DataRequired(lazy("Write where people send the form, or where they leave it.")),
            Length(max=400, message=lazy("Use at most 400 characters.")),
        ],
        description=lazy("An address, line by line; or a place, such as the box in the library."),
        filters=[_tidy],
    )
