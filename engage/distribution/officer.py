"""Every group's link to a consultation."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("officer_links", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")
