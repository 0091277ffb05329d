"""The forms of what is published with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import TextAreaField, TimeField
from wtforms.validators import DataRequired

from engage.foundations.clock import in_london, london_moment
from engage.foundations.forms import DayField, tidy
from engage.foundations.language import lazy
from engage.timetable import rules
from engage.timetable.details import EntryDetails
from engage.timetable.steps.service import Postponed


class CancelForm(FlaskForm):
    """Why nobody will be asked after all."""

    reason = TextAreaField(
        lazy("Why it is cancelled"),
        [DataRequired(lazy("Give the reason. It is published."))],
        filters=[tidy],
        description=lazy("This is published, and sent to the groups that were told."),
    )


class PostponeForm(FlaskForm):
    """A later opening, why, and the days that follow from it."""

    opens_at = DayField(
        lazy("New day on which it opens"), "", DataRequired(lazy("Enter the new day on which it opens."))
    )
    opens_time = TimeField(
        lazy("Opens at"),
        [DataRequired(lazy("Enter a time such as 09:00."))],
        description=lazy("London time, such as 09:00."),
    )
    reason = TextAreaField(
        lazy("Why it opens later"),
        [DataRequired(lazy("Give the reason. It is published."))],
        filters=[tidy],
        description=lazy("This is published, and sent to the groups that were told."),
    )
    closes_at = DayField(
        lazy("Last day to answer"),
        lazy("People can answer until the end of this day."),
        DataRequired(lazy("Enter the last day to answer.")),
    )
    decision_due_on = DayField(lazy("Day of the decision"), lazy("After the last day to answer."))
    feedback_due_on = DayField(lazy("Feedback due by"), lazy("Within 12 weeks of the last day to answer."))
    feedback_late_reason = TextAreaField(
        lazy("If that is more than 12 weeks after: why"),
        filters=[tidy],
        description=lazy("This is published."),
    )

    def __init__(self, was: EntryDetails, **options: Any) -> None:
        opening = in_london(was.opens_at)
        options["data"] = {
            "opens_at": opening.date(),
            "opens_time": opening.time(),
            "closes_at": rules.last_day(was.closes_at),
            "decision_due_on": was.decision_due_on,
            "feedback_due_on": was.feedback_due_on,
            "feedback_late_reason": was.feedback_late_reason,
        }
        super().__init__(**options)
        self.was = was

    def dates(self) -> Postponed:
        """Return the dates that are asked for; all fields must be valid on their own."""
        day, at = self.opens_at.data, self.opens_time.data
        assert day is not None
        assert at is not None
        return Postponed(
            opens_at=london_moment(day, at),
            closes_at=self._closing(),
            decision_due_on=self.decision_due_on.data,
            feedback_due_on=self.feedback_due_on.data,
            feedback_late_reason=self.feedback_late_reason.data or "",
        )

    def _closing(self) -> datetime:
        """Return the midnight after the last day; a closing at another hour stays where its day does."""
        day = self.closes_at.data
        assert day is not None
        return self.was.closes_at if rules.last_day(self.was.closes_at) == day else rules.closing_after(day)
