"""What officers say of a panel, and what the public is asked to join one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import EmailField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from engage.boroughs.models import Area
from engage.distribution.panels.queries import Choice
from engage.distribution.panels.reading import Newcomer
from engage.distribution.panels.service import Details
from engage.foundations.language import lazy
from engage.outbox.addresses import tidy_address

NOWHERE = ""
LONGEST_TEXT = 4_000
LONGEST_REST = 730
MOST_A_YEAR = 24
IN_FIGURES = lazy("Write a whole number, in figures.")
CONSENT = lazy(
    "I want to be asked from time to time what I think of policing in London. I can leave at any time, "
    "by one click in any message. My address is used for nothing else, and is deleted when I leave."
)


class FiguresField(IntegerField):
    """A whole number; what is none is refused in a sentence of ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(IN_FIGURES)) from None


class PanelForm(FlaskForm):
    """What is said of a panel."""

    name = StringField(
        lazy("Name"),
        [DataRequired(lazy("Give the panel a name.")), Length(max=160)],
        description=lazy("People see it in every invitation, like “London voices panel”."),
    )
    about = TextAreaField(
        lazy("What it is about"),
        [DataRequired(lazy("Say what the panel is about.")), Length(max=LONGEST_TEXT)],
        description=lazy("What people are asked, how often, and how long it takes."),
    )
    consent_text = TextAreaField(
        lazy("What people say yes to"),
        [DataRequired(lazy("Write what people say yes to.")), Length(max=LONGEST_TEXT)],
        default=CONSENT,
    )
    rest_days = FiguresField(
        lazy("Days of rest"),
        [
            InputRequired(lazy("Write how many days, in figures; 0 for none.")),
            NumberRange(0, LONGEST_REST, lazy("Write a number of days from 0 to 730.")),
        ],
        default=60,
        description=lazy("Nobody is invited again within so many days."),
    )
    most_a_year = FiguresField(
        lazy("Most invitations in a year"),
        [
            InputRequired(lazy("Write how many, in figures.")),
            NumberRange(1, MOST_A_YEAR, lazy("Write a number from 1 to 24.")),
        ],
        default=4,
    )

    def details(self) -> Details:
        """Return what was said; only of a form that is valid."""
        return Details(
            name=(self.name.data or "").strip(),
            about=(self.about.data or "").strip(),
            consent_text=(self.consent_text.data or "").strip(),
            rest_days=self.rest_days.data or 0,
            most_a_year=self.most_a_year.data or 1,
        )


class JoinForm(FlaskForm):
    """An address and, if its owner says it, the borough they live in."""

    address = EmailField(
        lazy("Email address"),
        [DataRequired(lazy("Write an email address.")), Length(max=320)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
    area_code = SelectField(lazy("Borough"), description=lazy("So that every part of London is asked."))

    def __init__(self, areas: Sequence[Area], **options: Any) -> None:
        super().__init__(**options)
        nowhere = SelectChoice(NOWHERE, lazy("Rather not say, or not in London"))
        self.area_code.choices = [nowhere, *(SelectChoice(area.code, area.name) for area in areas)]

    def newcomer(self) -> Newcomer:
        """Return who is to be asked; raises `Refused` beside the address where it is none."""
        return Newcomer(tidy_address(self.address.data or ""), self.area_code.data or None)


class FileForm(FlaskForm):
    """A file of addresses."""

    file = FileField(
        lazy("File"),
        [FileRequired(lazy("Choose a file."))],
        description=lazy("CSV or Excel, with a column “address” and, if you like, one “borough”."),
        render_kw={"accept": ".csv,.xlsx"},
    )


class DrawForm(FlaskForm):
    """What to ask, and how many."""

    instrument_id = SelectField(lazy("What to ask"), coerce=int)
    size = FiguresField(
        lazy("How many people to ask"),
        [InputRequired(lazy("Write how many people to ask, in figures."))],
        default=100,
    )
    spread = BooleanField(
        lazy("Share the places out over the boroughs"),
        default=True,
        description=lazy("By how many people live in each, as far as there are enough on the panel."),
    )

    def __init__(self, choices: Sequence[Choice], **options: Any) -> None:
        super().__init__(**options)
        self.instrument_id.choices = [
            SelectChoice(choice.instrument_id, f"{choice.title}: {choice.instrument}") for choice in choices
        ]


class SendForm(FlaskForm):
    """A round that was looked at, sealed, so that what is sent is what was seen."""

    plan = HiddenField()


def details_of(panel: Any) -> Mapping[str, Any]:
    """Return what a panel's form shows."""
    return {name: getattr(panel, name) for name in Details.__annotations__}
