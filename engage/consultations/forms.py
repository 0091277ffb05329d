"""The forms of a consultation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Regexp

from engage.foundations.forms import DayField, tidy
from engage.foundations.language import lazy
from engage.questionnaires.models import PriorityFramework
from engage.questionnaires.queries import VersionRow

SHORT_NAME = re.compile(r"[a-z][a-z0-9_-]*\Z")


class PlanForm(FlaskForm):
    """What a new consultation is coded to."""

    framework_id = SelectField(
        lazy("Priority framework"),
        coerce=int,
        description=lazy("The list of priorities that all its answers are sorted into."),
    )
    children_may_answer = BooleanField(
        lazy("Children may answer"),
        description=lazy("Asks for an age first. Nobody under 13 is asked for an address."),
    )

    def __init__(self, frameworks: Sequence[PriorityFramework], **options: Any) -> None:
        super().__init__(**options)
        self.framework_id.choices = [SelectChoice(each.id, each.title) for each in frameworks]


class InstrumentForm(FlaskForm):
    """A published version, and how people are offered it."""

    version_id = SelectField(lazy("Questionnaire and version"), coerce=int)
    title = StringField(
        lazy("What people see it called"),
        [
            DataRequired(lazy("Enter what people see it called.")),
            Length(max=120, message=lazy("Use at most 120 characters.")),
        ],
        filters=[tidy],
    )
    summary = TextAreaField(
        lazy("One sentence about it"),
        filters=[tidy],
        description=lazy("For whom it is, and how long it takes."),
    )
    code = StringField(
        lazy("Short name"),
        [
            DataRequired(lazy("Enter a short name.")),
            Length(max=40, message=lazy("Use at most 40 characters.")),
            Regexp(
                SHORT_NAME, message=lazy("Use small letters, figures and hyphens, beginning with a letter.")
            ),
        ],
        filters=[tidy],
        description=lazy("For addresses and tables, such as full or postcard."),
    )

    def __init__(self, versions: Sequence[VersionRow], **options: Any) -> None:
        super().__init__(**options)
        self.version_id.choices = [
            SelectChoice(version.id, lazy("%(title)s, version %(n)s", title=version.title, n=version.number))
            for version in versions
        ]


class ChildrenForm(FlaskForm):
    """Whether children may answer."""

    children_may_answer = BooleanField(
        lazy("Children may answer"),
        description=lazy("Asks for an age first. Nobody under 13 is asked for an address."),
    )


class ExtendForm(FlaskForm):
    """A later closing, why, and the days that follow from it."""

    last_day = DayField(
        lazy("New last day to answer"),
        lazy("People can answer until the end of this day."),
        DataRequired(lazy("Enter the new last day to answer.")),
    )
    reason = TextAreaField(
        lazy("Why people get longer"),
        [DataRequired(lazy("Give the reason. It is published with the new date."))],
        filters=[tidy],
        description=lazy("This is published."),
    )
    decision_due_on = DayField(
        lazy("Day of the decision"),
        lazy("After the new last day."),
        DataRequired(lazy("Enter the day of the decision.")),
    )
    feedback_due_on = DayField(
        lazy("Feedback due by"),
        lazy("Within 12 weeks of the new last day."),
        DataRequired(lazy("Enter the day by which feedback is due.")),
    )
    feedback_late_reason = TextAreaField(
        lazy("If that is more than 12 weeks after: why"),
        filters=[tidy],
        description=lazy("This is published."),
    )
