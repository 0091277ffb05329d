"""The public timetable."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("timetable", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable")
