"""Writing feedback, approving and publishing it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from engage.feedback.rules import LONGEST_PART
from engage.foundations.language import lazy

_SHORT_ENOUGH = Length(max=LONGEST_PART, message=lazy("Write at most %(max)d characters."))


class FeedbackForm(FlaskForm):
    """The three parts and the easy-read text; a draft may leave any of them empty."""

    said = TextAreaField(lazy("What people said"), [Optional(), _SHORT_ENOUGH])
    decided = TextAreaField(lazy("What was decided"), [Optional(), _SHORT_ENOUGH])
    reconciled = TextAreaField(
        lazy("Why"),
        [Optional(), _SHORT_ENOUGH],
        description=lazy("How the two fit together: for everything that was not taken up, why not."),
    )
    easy_read = TextAreaField(
        lazy("Easy read (optional)"),
        [Optional(), _SHORT_ENOUGH],
        description=lazy("The same in short words, one idea on each line. It is shown in large letters."),
    )


class SubmitForm(FlaskForm):
    """Only the token: what is submitted is what was saved."""


class ApproveForm(FlaskForm):
    """What the approver had before them, so that nothing is approved unread."""

    read = HiddenField(filters=[lambda value: value or ""])


class PublishForm(FlaskForm):
    """Only the token: there is nothing more to say."""
