"""`engage`: consultations and engagement surveys of a police authority.

`python3 -m engage` imports this package before any dependency is installed, so nothing but the standard
library may be imported here at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from engage.foundations.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application; see `engage.app.create_app`. Here so that `flask --app engage` finds it."""
    from engage.app import create_app as build

    return build(settings)
