"""What pages of other packages say of a consultation to the public, by a name their templates call."""

from __future__ import annotations

from flask import Flask

from engage.consultations import queries
from engage.foundations.database import db


def init_closings(app: Flask) -> None:
    """Give every template `closing_of(slug)`: the grace and the extensions of a consultation, or None.

    The timetable's own page shows them too, and knows nothing of consultations but their names.
    """
    app.jinja_env.globals["closing_of"] = lambda slug: queries.find_closing(db.session, slug)
