"""The forms of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from engage.foundations.language import lazy
from engage.plan_export.plans.rules import clean

EMPTY, DECISIONS = "empty", "decisions"
NEEDED = lazy("Write something here: it cannot be empty.")
A_NUMBER = lazy("Enter a whole number.")


class PlanForm(FlaskForm):
    """What a plan is called, and for when it is."""

    title = StringField(lazy("Title"), filters=[clean], validators=[InputRequired(NEEDED)])
    first_year = IntegerField(
        lazy("The year in whose April it begins"),
        description=lazy("For example, 2028 for the plan of 2028/29."),
        validators=[InputRequired(A_NUMBER)],
    )
    years = IntegerField(lazy("For how many years"), default=1, validators=[InputRequired(A_NUMBER)])
    foreword = TextAreaField(
        lazy("Foreword"),
        filters=[clean],
        description=lazy("What the plan is for, in plain English. It becomes the summary of the report."),
    )


class NewPlanForm(PlanForm):
    """A new plan, and what it begins with."""

    begin = RadioField(
        lazy("Begin with"),
        choices=[
            SelectChoice(DECISIONS, lazy("An objective for each priority adopted for these years")),
            SelectChoice(EMPTY, lazy("Nothing")),
        ],
        default=DECISIONS,
    )


class ObjectiveForm(FlaskForm):
    """An objective."""

    title = StringField(lazy("Objective"), filters=[clean], validators=[InputRequired(NEEDED)])
    text = TextAreaField(lazy("What will be done"), filters=[clean])
    owner = StringField(
        lazy("Who answers for it"),
        filters=[clean],
        description=lazy("A post, not a name."),
    )


class MeasureForm(FlaskForm):
    """A measure and its target."""

    text = TextAreaField(
        lazy("How it will be seen whether the objective is met"),
        filters=[clean],
        validators=[InputRequired(NEEDED)],
    )
    target = StringField(
        lazy("Target"),
        filters=[clean],
        description=lazy("For example, 9 in 10 by March 2029. Leave it empty where there is none."),
    )


class WordingForm(FlaskForm):
    """A priority in the plan's own words."""

    wording = TextAreaField(
        lazy("In the plan’s own words"),
        filters=[clean],
        description=lazy("Leave it empty to say it as it was asked."),
    )


class DecisionsForm(FlaskForm):
    """Which decisions an objective takes up."""

    decisions = SelectMultipleField(
        lazy("Decisions"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    def __init__(self, choices: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self.decisions.choices = [SelectChoice(value, label) for value, label in choices]


class VersionForm(FlaskForm):
    """A note to a version."""

    note = TextAreaField(
        lazy("What this version is for"),
        filters=[clean],
        description=lazy("For example, for the meeting of 20 January. It is shown beside the version."),
    )


class CheckForm(FlaskForm):
    """A digest to be looked up."""

    class Meta:
        csrf = False

    digest = StringField(
        lazy("The digest"),
        description=lazy("64 letters and figures. The first 16 are enough; blanks do not matter."),
    )
