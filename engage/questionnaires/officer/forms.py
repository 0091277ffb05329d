"""The forms of publishing a questionnaire and of the bank of questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from engage.foundations.language import Text, lazy
from engage.questionnaires.definitions import QuestionPage
from engage.questionnaires.forms import DraftForm, at_most, tidy
from engage.questionnaires.kinds.base import Question


class ConfirmForm(FlaskForm):
    """A button and nothing else."""


class PublishForm(DraftForm):
    """Why the draft becomes a version."""

    note = TextAreaField(
        lazy("What changed and why"),
        [at_most(2_000)],
        filters=[tidy],
    )

    def __init__(self, *, follows: bool, **options: Any) -> None:
        super().__init__(**options)
        self.follows = follows
        self.note.description = (
            lazy("It is kept with the version. Say it so that it is understood in three years.")
            if follows
            else lazy("You need not say anything about the first version.")
        )

    def validate_note(self, field: TextAreaField) -> None:
        """A version that follows another says why."""
        if self.follows and not field.data:
            field.errors = [*field.errors, lazy("Say what changed and why.")]


class CompareForm(FlaskForm):
    """Two versions, by number; 0 is the draft."""

    before = SelectField(lazy("From"), coerce=int)
    after = SelectField(lazy("To"), coerce=int)

    class Meta:
        """Reading needs no token."""

        csrf = False

    def __init__(self, choices: Sequence[tuple[int, Text]], **options: Any) -> None:
        super().__init__(**options)
        for field in (self.before, self.after):
            field.choices = [SelectChoice(number, name) for number, name in choices]


class SaveQuestionForm(FlaskForm):
    """Which question to keep, and by what title to find it."""

    question = RadioField(lazy("Question"), [DataRequired(lazy("Choose the question to save."))])
    title = StringField(
        lazy("Title in the bank"),
        [DataRequired(lazy("Enter a title to find the question by."))],
        description=lazy("For officers only. For example: Feeling safe after dark, five points."),
        filters=[tidy],
    )

    def __init__(self, questions: Sequence[Question], **options: Any) -> None:
        super().__init__(**options)
        self.question.choices = [SelectChoice(each.code, each.label) for each in questions]


class PlaceForm(DraftForm):
    """A question of the bank and the page of the draft it is to be asked on."""

    saved_id = RadioField(
        lazy("Question"), [DataRequired(lazy("Choose a question of the bank."))], coerce=str
    )
    page = SelectField(lazy("Page"))

    def __init__(
        self, saved: Sequence[tuple[int, str]], pages: Sequence[QuestionPage], **options: Any
    ) -> None:
        super().__init__(**options)
        self.saved_id.choices = [SelectChoice(str(each), title) for each, title in saved]
        self.page.choices = [SelectChoice(page.code, page.title) for page in pages if not page.exit]
