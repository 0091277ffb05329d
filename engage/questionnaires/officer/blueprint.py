"""The officers' pages about questionnaires, whichever module they are written in."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages(
    "officer_questionnaires", __name__, admits=Audience.OFFICERS, url_prefix="/officer/questionnaires"
)
