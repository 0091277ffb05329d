"""The audit log, to read."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engage.audit import queries
from engage.audit.labels import action_in_words, subject_in_words
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages

pages = Pages("audit", __name__, admits=Audience.OFFICERS, url_prefix="/officer/audit")

EVENTS_A_PAGE = 50


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the log, newest first, of everything or of one subject."""
    subject = request.args.get("subject") or None
    number = request.args.get("page", default=1, type=int)
    page = queries.events(db.session, page=number, per_page=EVENTS_A_PAGE, subject=subject)
    return render_template(
        "audit/officer/index.html",
        page=page,
        subject=subject,
        action_in_words=action_in_words,
        subject_in_words=subject_in_words,
    )
