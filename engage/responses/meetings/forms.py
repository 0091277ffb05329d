"""The forms of meetings' votes; a vote's has a field for each option of its question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, NoneOf, NumberRange, Optional

from engage.foundations.forms import DayField
from engage.foundations.language import lazy
from engage.groups.models import Group
from engage.questionnaires.kinds.base import Question
from engage.responses.meetings.rules import HOW_MANY, MOST_THERE
from engage.responses.meetings.service import Show

HANDS = "hands_"
NOT_CHOSEN = 0
IN_FIGURES = lazy("Write how many hands, in figures; 0 for none.")


class RemoveForm(FlaskForm):
    """A button and nothing else."""


class VoteForm(FlaskForm):
    """A group, a day, how many were there; its subclasses have a field of hands for each option."""

    group_id = SelectField(
        lazy("Group that met"),
        [NoneOf([NOT_CHOSEN], message=lazy("Choose the group that met."))],
        coerce=int,
    )
    held_on = DayField(lazy("Day of the meeting"), "", DataRequired(lazy("Give the day of the meeting.")))
    attendance = IntegerField(
        lazy("How many people were there"),
        [
            InputRequired(lazy("Write how many people were there, in figures.")),
            NumberRange(1, MOST_THERE, HOW_MANY),
        ],
        description=lazy("Everybody who could have raised a hand, whether they did or not."),
    )

    def __init__(self, groups: Sequence[Group], **options: Any) -> None:
        super().__init__(**options)
        ask = SelectChoice(NOT_CHOSEN, lazy("Choose"))
        self.group_id.choices = [ask, *(SelectChoice(each.id, each.name) for each in groups)]

    @property
    def hands(self) -> list[Field]:
        """The fields of hands, in the order of the options."""
        return [field for field in self if field.name.startswith(HANDS)]

    def show(self) -> Show:
        """Return the show of hands; an option left blank had none."""
        assert self.held_on.data is not None
        return Show(
            group_id=self.group_id.data,
            held_on=self.held_on.data,
            attendance=self.attendance.data or 0,
            votes={field.name.removeprefix(HANDS): field.data or 0 for field in self.hands},
        )


def vote_form(question: Question, groups: Sequence[Group], data: dict[str, Any] | None = None) -> VoteForm:
    """Return the form for a vote on `question`."""
    fields = {
        HANDS + code: IntegerField(str(label), [Optional(), NumberRange(0, MOST_THERE, IN_FIGURES)])
        for code, label in question.marks.items()
    }
    made: type[VoteForm] = type("VoteFormOfQuestion", (VoteForm,), fields)
    return made(groups, data=data)
