"""Decisions, and their export into the policing plan."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("decisions", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")
