"""What there is to do with a message, and with an address that takes no more."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField


class QueueAgainForm(FlaskForm):
    """Only the token: which message is in the address."""


class OpenAgainForm(FlaskForm):
    """An address that takes no mail, to be sent mail again."""

    address = HiddenField()
