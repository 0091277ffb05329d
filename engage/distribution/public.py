"""A link, as somebody follows it."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("links", __name__, admits=Audience.EVERYBODY, url_prefix="/go")
