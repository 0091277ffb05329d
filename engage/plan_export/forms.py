"""The forms of a decision."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from engage.foundations.forms import DayField, tidy
from engage.foundations.language import Text, lazy
from engage.plan_export.rules import LONGEST_NAME, OUTCOMES, STANDINGS, TOO_LONG, Outcome, Standing

_NAME = Length(max=LONGEST_NAME, message=TOO_LONG)


def _name(label: Text, needed: Text, hint: Text = "") -> StringField:
    return StringField(label, filters=[tidy], description=hint, validators=[DataRequired(needed), _NAME])


def _text(label: Text, needed: Text, hint: Text) -> TextAreaField:
    return TextAreaField(label, filters=[tidy], description=hint, validators=[DataRequired(needed)])


class DecisionForm(FlaskForm):
    """What was decided on a priority, why, who sees to it, and whom it affects how."""

    outcome = RadioField(
        lazy("What was decided"),
        choices=[SelectChoice(outcome.value, label) for outcome, label in OUTCOMES.items()],
        coerce=Outcome,
        validators=[DataRequired(lazy("Choose what was decided."))],
    )
    reason = _text(
        lazy("Why"),
        lazy("Write the reason: everybody who took part will read it."),
        lazy("In plain English. It is published, and everybody who asked to hear what came of it reads it."),
    )
    owner = StringField(
        lazy("Who sees to it that it happens"),
        filters=[tidy],
        description=lazy("A post or a team. Needed where it is adopted, also in part."),
        validators=[_NAME],
    )
    equality_note = _text(
        lazy("How it affects different groups of people"),
        lazy("Say how the decision affects different groups of people."),
        lazy(
            "Think of age, disability, ethnicity, religion, sex and sexual orientation. Finish the sentence "
            "that stands here, or write your own."
        ),
    )
    decision_maker = _name(lazy("Who decided"), lazy("Say who decided."))
    decided_on = DayField(
        lazy("When it was decided"),
        lazy("Not before the report was read."),
        DataRequired(lazy("Enter the day of the decision.")),
    )


class ThemeForm(DecisionForm):
    """What was decided on something many people wrote that is no priority of the framework."""

    label = _name(
        lazy("The theme, in a few words"),
        lazy("Name the theme in a few words."),
        lazy("As people put it, such as “Lights in parks”."),
    )
    mentions = IntegerField(
        lazy("How many responses carry it"),
        validators=[DataRequired(lazy("Enter how many responses carry it, in figures."))],
    )


class ReadingForm(FlaskForm):
    """Who has read a report, and when."""

    reader = _name(
        lazy("Who has read it"),
        lazy("Give the name and the role of who has read it."),
        lazy("Name and role, such as “Len Duvall, Chair of the Authority”."),
    )
    read_on = DayField(
        lazy("On which day"),
        lazy("Nothing can be decided on it before."),
        DataRequired(lazy("Enter the day on which they had read it.")),
    )


class ExceptionForm(FlaskForm):
    """Why a consultation may be decided though a gate is not passed, and who says so."""

    reason = _text(
        lazy("Why it can be decided all the same"),
        lazy("Write the reason: it is published with the decisions."),
        lazy("It is published with the decisions."),
    )
    signed_by = _name(
        lazy("Who signs"),
        lazy("Give the name and the role of who signs."),
        lazy("Name and role. They are published, too."),
    )


class ProgressForm(FlaskForm):
    """How far a decision has come."""

    standing = RadioField(
        lazy("How far it has come"),
        choices=[SelectChoice(standing.value, label) for standing, label in STANDINGS.items()],
        coerce=Standing,
        validators=[DataRequired(lazy("Choose how far it has come."))],
    )
    said = _text(
        lazy("What has happened, and why"),
        lazy("Say what has happened: people will read it."),
        lazy("Published, and sent to those who asked for updates. It cannot be changed later."),
    )
