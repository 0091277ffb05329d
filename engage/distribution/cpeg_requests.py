"""What officers have asked of a coordinator's groups."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.distribution import requests
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import Audience, Pages
from engage.groups.queries import below

pages = Pages(
    "coordinator_requests", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/requests"
)


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the requests to the coordinator's group and those below it that can still be answered."""
    groups = below(db.session, current_user.group_id)
    asked = requests.requests_to(db.session, groups, now=clock.now())
    return render_template("distribution/cpeg/requests.html", asked=asked)


@pages.post("/<int:request_id>")
def passed_on(request_id: int) -> ResponseReturnValue:
    """Say that the group passes it on."""
    groups = below(db.session, current_user.group_id)
    requests.say_passed_on(db.session, request_id=request_id, group_ids=groups, now=clock.now())
    flash(_("Thank you. The officers can see that you pass it on."), "success")
    return redirect(url_for(".index"), 303)
