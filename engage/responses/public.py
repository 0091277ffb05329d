"""Taking part."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("take_part", __name__, admits=Audience.EVERYBODY, url_prefix="/take-part")
