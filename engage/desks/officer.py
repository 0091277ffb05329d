"""The start page of an officer."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("officer_desk", __name__, admits=Audience.OFFICERS, url_prefix="/officer")
