"""Addresses of our own pages for messages and files, where no request tells the host."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from engage.foundations.settings import Settings


def address_of(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, from the base address in the settings."""
    base = urlsplit(_settings().base_url)
    pages = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
    return pages.build(endpoint, values, force_external=True)


def own_host() -> str:
    """Return the host of the base address, without its port."""
    return urlsplit(_settings().base_url).hostname or "localhost"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
