"""The form that makes a bundle."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import HiddenInput


class BundleForm(FlaskForm):
    """A button, and the number of the last bundle that its page showed."""

    after = IntegerField(widget=HiddenInput())
