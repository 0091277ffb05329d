"""A coordinator's links and what came by them."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("coordinator_links", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/links")
