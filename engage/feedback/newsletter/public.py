"""The newsletter, to read, and to stop."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engage.feedback.newsletter import mails, queries, service
from engage.feedback.newsletter.composing import compose
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.timetable.subscriptions.queries import find

pages = Pages("newsletter", __name__, admits=Audience.EVERYBODY, url_prefix="/newsletter")
GONE = 410


@pages.get("")
def index() -> ResponseReturnValue:
    """Show the issues, the last first."""
    return render_template("feedback/newsletter/index.html", issues=queries.published(db.session))


@pages.get("/<int:newsletter_id>")
def show(newsletter_id: int) -> ResponseReturnValue:
    """Show one issue, with the parts of all boroughs."""
    issue = queries.get_published(db.session, newsletter_id)
    parts = compose(db.session, issue, clock.now())
    return render_template("feedback/newsletter/show.html", issue=issue, parts=parts, **mails.WORDS)


@pages.route("/stop", methods=["GET", "POST"])
def stop() -> ResponseReturnValue:
    """Ask whether to stop; a POST stops, also the one click of a mail program.

    The signed token is the whole authority, so there is no session and no other token (RFC 8058). Somebody
    who is not there any more has what they want.
    """
    id = mails.owner_of(request.args.get("token", ""))
    if id is None:
        return render_template("timetable/subscriptions/gone.html"), GONE
    if request.method == "POST":
        service.stop(db.session, subscription_id=id)
        return render_template("feedback/newsletter/stopped.html")
    found = find(db.session, id)
    if found is None or not found.newsletter:
        return render_template("feedback/newsletter/stopped.html")
    return render_template("feedback/newsletter/stop.html")
