"""The start page of an officer."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.consultations.labels import STATES
from engage.desks import queries
from engage.desks.rules import DUE
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.timetable.repeating.queries import to_draft

pages = Pages("officer_desk", __name__, admits=Audience.READERS, url_prefix="/officer")


@pages.get("/")
def index() -> ResponseReturnValue:
    """What is due, where each consultation stands, and how the mail is doing."""
    return render_template(
        "desks/officer/index.html",
        desk=queries.office(db.session, now=clock.now()),
        due_words=DUE,
        states=STATES,
        to_draft=len(to_draft(db.session, clock.today())),
    )
