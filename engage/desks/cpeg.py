"""The start page of a coordinator."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.desks import queries
from engage.desks.rules import notice_of
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.foundations.settings import Settings
from engage.timetable.notices.queries_of_groups import waiting

pages = Pages("coordinator_desk", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator")


@pages.get("/")
def index() -> ResponseReturnValue:
    """The coordinator's group: what its members can answer now, and what they will be asked next."""
    settings: Settings = current_app.config["SETTINGS"]
    desk = queries.community(
        db.session,
        group_id=current_user.group_id,
        threshold=settings.disclosure_threshold,
        now=clock.now(),
    )
    return render_template(
        "desks/cpeg/index.html",
        desk=desk,
        waiting=waiting(db.session, current_user.group_id, clock.now()),
        coming=[(entry, notice_of(entry, clock.today())) for entry in desk.coming],
    )
