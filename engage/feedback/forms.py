"""Writing feedback, and publishing it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from engage.feedback.rules import LONGEST_PART
from engage.foundations.language import lazy

_SHORT_ENOUGH = Length(max=LONGEST_PART, message=lazy("Write at most %(max)d characters."))


class FeedbackForm(FlaskForm):
    """The three parts; a draft may leave any of them empty."""

    said = TextAreaField(lazy("What people said"), [Optional(), _SHORT_ENOUGH])
    decided = TextAreaField(lazy("What was decided"), [Optional(), _SHORT_ENOUGH])
    reconciled = TextAreaField(
        lazy("Why"),
        [Optional(), _SHORT_ENOUGH],
        description=lazy("How the two fit together: for everything that was not taken up, why not."),
    )


class PublishForm(FlaskForm):
    """Only the token: there is nothing more to say."""
