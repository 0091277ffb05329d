"""The one thing to do with a message."""

from __future__ import annotations

from flask_wtf import FlaskForm


class QueueAgainForm(FlaskForm):
    """Only the token: which message is in the address."""
