"""Feedback, to write and publish."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("officer_feedback", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")
