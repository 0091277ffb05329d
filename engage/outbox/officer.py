"""Mail as it leaves, to read."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("outbox", __name__, admits=Audience.OFFICERS, url_prefix="/officer/outbox")
