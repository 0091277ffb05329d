"""Entries, to write."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("officer_timetable", __name__, admits=Audience.OFFICERS, url_prefix="/officer/timetable")
