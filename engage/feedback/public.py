"""Feedback, to read; and the way out of the mailing."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("feedback", __name__, admits=Audience.EVERYBODY)
