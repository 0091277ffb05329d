"""The forms of notices: an officer's words to the groups, a group's words back."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from engage.foundations.forms import tidy
from engage.foundations.language import lazy
from engage.timetable.notices.rules import LONGEST_REMARK

LONGEST_WORDS = 2000


class NoticeForm(FlaskForm):
    """What is said to the groups besides the dates."""

    said = TextAreaField(
        lazy("A few words to the groups"),
        [Length(max=LONGEST_WORDS, message=lazy("Use at most 2,000 characters."))],
        filters=[tidy],
        description=lazy("Not needed: the dates and what it is for are in the notice already."),
    )


class AcknowledgeForm(FlaskForm):
    """That a group knows, and what it remarks."""

    remark = TextAreaField(
        lazy("Anything we should know"),
        [Length(max=LONGEST_REMARK, message=lazy("Use at most 1,000 characters."))],
        filters=[tidy],
        description=lazy("Not needed. For example: we meet a week before it opens."),
    )
