"""The forms of a decision."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from engage.foundations.language import lazy
from engage.plan_export.rules import LONGEST_NAME, OUTCOMES, STANDINGS, Outcome, Standing
from engage.timetable.forms import DayField

TOO_LONG = lazy("Shorten it to %(most)s characters or fewer.", most=LONGEST_NAME)


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class ButtonForm(FlaskForm):
    """A button and nothing else."""


class DecisionForm(FlaskForm):
    """What was decided on a priority, why, who sees to it, and whom it affects how."""

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
    owner = StringField(
        lazy("Who sees to it that it happens"),
        filters=[_tidy],
        description=lazy("A post or a team. Needed where it is adopted, also in part."),
        validators=[Length(max=LONGEST_NAME, message=TOO_LONG)],
    )
    equality_note = TextAreaField(
        lazy("How it affects different groups of people"),
        filters=[_tidy],
        description=lazy(
            "Think of age, disability, ethnicity, religion, sex and sexual orientation. Finish the sentence "
            "that stands here, or write your own."
        ),
        validators=[DataRequired(lazy("Say how the decision affects different groups of people."))],
    )
    decision_maker = StringField(
        lazy("Who decided"),
        filters=[_tidy],
        validators=[
            DataRequired(lazy("Say who decided.")),
            Length(max=LONGEST_NAME, message=TOO_LONG),
        ],
    )
    decided_on = DayField(
        lazy("When it was decided"),
        lazy("Not before the report was read."),
        DataRequired(lazy("Enter the day of the decision.")),
    )


class ThemeForm(DecisionForm):
    """What was decided on something many people wrote that is no priority of the framework."""

    label = StringField(
        lazy("The theme, in a few words"),
        filters=[_tidy],
        description=lazy("As people put it, such as “Lights in parks”."),
        validators=[
            DataRequired(lazy("Name the theme in a few words.")),
            Length(max=LONGEST_NAME, message=TOO_LONG),
        ],
    )
    mentions = IntegerField(
        lazy("How many responses carry it"),
        validators=[DataRequired(lazy("Enter how many responses carry it, in figures."))],
    )


class ReadingForm(FlaskForm):
    """Who has read a report, and when."""

    reader = StringField(
        lazy("Who has read it"),
        filters=[_tidy],
        description=lazy("Name and role, such as “Len Duvall, Chair of the Authority”."),
        validators=[
            DataRequired(lazy("Give the name and the role of who has read it.")),
            Length(max=LONGEST_NAME, message=TOO_LONG),
        ],
    )
    read_on = DayField(
        lazy("On which day"),
        lazy("Nothing can be decided on it before."),
        DataRequired(lazy("Enter the day on which they had read it.")),
    )


class ExceptionForm(FlaskForm):
    """Why a consultation may be decided though a gate is not passed, and who says so."""

    reason = TextAreaField(
        lazy("Why it can be decided all the same"),
        filters=[_tidy],
        description=lazy("It is published with the decisions."),
        validators=[DataRequired(lazy("Write the reason: it is published with the decisions."))],
    )
    signed_by = StringField(
        lazy("Who signs"),
        filters=[_tidy],
        description=lazy("Name and role. They are published, too."),
        validators=[
            DataRequired(lazy("Give the name and the role of who signs.")),
            Length(max=LONGEST_NAME, message=TOO_LONG),
        ],
    )


class ProgressForm(FlaskForm):
    """How far a decision has come."""

    standing = RadioField(
        lazy("How far it has come"),
        choices=[SelectChoice(standing.value, label) for standing, label in STANDINGS.items()],
        coerce=Standing,
        validators=[DataRequired(lazy("Choose how far it has come."))],
    )
    said = TextAreaField(
        lazy("What has happened, and why"),
        filters=[_tidy],
        description=lazy("Published, and sent to those who asked for updates. It cannot be changed later."),
        validators=[DataRequired(lazy("Say what has happened: people will read it."))],
    )
