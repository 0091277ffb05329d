"""The newsletter, to read, and to stop."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engage.feedback.newsletter import mails, queries
from engage.feedback.newsletter.composing import compose
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.timetable.subscriptions.rules import Mail
from engage.timetable.subscriptions.stopping import stop_page

pages = Pages("newsletter", __name__, admits=Audience.EVERYBODY, url_prefix="/newsletter")


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
    """Stop the newsletter; see `stop_page`."""
    return stop_page(mails.stops_for(request.args.get("token", "")), Mail.NEWSLETTER)
