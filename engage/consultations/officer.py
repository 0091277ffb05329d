"""A consultation, to open and close."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages(
    "officer_consultations", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations"
)
