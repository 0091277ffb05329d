"""Results and coding."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("results", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations")
