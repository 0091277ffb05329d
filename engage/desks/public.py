"""The front page, and the pages about the platform itself."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("home", __name__, admits=Audience.EVERYBODY)
