"""The start page of a coordinator."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("coordinator_desk", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator")
