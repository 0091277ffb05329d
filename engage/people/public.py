"""Signing in and out."""

from __future__ import annotations

from engage.foundations.pages import Audience, Pages

pages = Pages("sign_in", __name__, admits=Audience.EVERYBODY)
