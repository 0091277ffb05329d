"""What pages of other packages say of feedback that has not come, by a name their templates call."""

from __future__ import annotations

from flask import Flask

from engage.feedback.overdue import queries
from engage.foundations import clock
from engage.foundations.database import db


def init_owed(app: Flask) -> None:
    """Give every template `feedback_owed(slug)`: what is owed of a consultation, None where nothing is.

    The timetable's page shows it, which knows nothing of feedback but its day.
    """
    app.jinja_env.globals["feedback_owed"] = lambda slug: queries.find_owed(db.session, slug, clock.today())
