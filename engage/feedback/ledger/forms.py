"""Forms of the ledger."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from engage.feedback.ledger.rules import LONGEST_REASON
from engage.foundations.language import lazy


def at_most(most: int) -> Length:
    return Length(max=most, message=lazy("Write at most %(max)d characters."))


class SignOffForm(FlaskForm):
    """Why not everybody was reached."""

    reason = TextAreaField(
        lazy("Why not everybody could be reached"),
        [InputRequired(lazy("Write why not everybody could be reached.")), at_most(LONGEST_REASON)],
        description=lazy("Everybody can read this, with your name."),
    )


class GroupsForm(FlaskForm):
    """Which groups of the register are told besides."""

    groups = SelectMultipleField(lazy("Groups"), coerce=int, validate_choice=False)


class ConfirmForm(FlaskForm):
    """How a group told its members."""

    how = StringField(
        lazy("How you told your members"),
        [InputRequired(lazy("Say how you told your members.")), at_most(200)],
        description=lazy("For example: in the newsletter of May, or at the meeting on 4 June."),
    )


class PostalForm(FlaskForm):
    """A postal address from a paper slip."""

    name = StringField(lazy("Name"), [InputRequired(lazy("Write the name.")), at_most(160)])
    lines = TextAreaField(
        lazy("Address"),
        [InputRequired(lazy("Write the address.")), at_most(400)],
        description=lazy("A line for each line of the address, without the postcode."),
    )
    postcode = StringField(lazy("Postcode"), [InputRequired(lazy("Write the postcode.")), at_most(10)])
    left_on = DateField(
        lazy("Day of the slip"),
        [Optional()],
        description=lazy("Leave this empty for today."),
    )


class PostalFileForm(FlaskForm):
    """Postal addresses as a file."""

    file = FileField(
        lazy("File"),
        description=lazy("CSV or XLSX with the columns name, address and postcode; at most 1 MB."),
    )


class PressForm(FlaskForm):
    """Only the token: there is nothing more to say."""


class PostedForm(FlaskForm):
    """When letters were taken to the post."""

    posted_on = DateField(
        lazy("Day they were posted"), [InputRequired(lazy("Say on which day they were posted."))]
    )
