"""The audit log, to read."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("audit", __name__, admits=Audience.OFFICERS, url_prefix="/officer/audit")
