"""Feedback, to read; and the way out of the mailing."""

from __future__ import annotations

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from engage.analysis import disclosure
from engage.consultations.models import Consultation
from engage.feedback import mails, queries, rules
from engage.feedback.figures import figures
from engage.feedback.labels import OUTCOMES
from engage.feedback.models import Feedback
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.responses.contacts import find_contact
from engage.responses.contacts import unsubscribe as write_no_more
from engage.timetable.queries import get_entry_by_id

pages = Pages("feedback", __name__, admits=Audience.EVERYBODY)


@pages.get("/what-happened")
def index() -> ResponseReturnValue:
    """List everything that was fed back, the latest first."""
    return render_template(
        "feedback/public/index.html", happened=queries.happened(db.session), outcomes=OUTCOMES
    )


@pages.get("/consultations/<slug>/feedback")
def show(slug: str) -> ResponseReturnValue:
    """Show what people said, what was decided and why, once it is published."""
    return shown(*queries.get_published(db.session, slug), preview=False)


def shown(consultation: Consultation, feedback: Feedback, *, preview: bool) -> str:
    """Return the page of some feedback; a preview says that nobody else can see it."""
    threshold = current_app.config["SETTINGS"].disclosure_threshold
    entry = get_entry_by_id(db.session, consultation.entry_id)
    reach = queries.reach(db.session, feedback)
    return render_template(
        "feedback/public/show.html",
        consultation=consultation,
        feedback=feedback,
        figures=figures(db.session, consultation.id, threshold=threshold),
        outcomes=OUTCOMES,
        entry=entry,
        late=rules.days_late(entry.feedback_due_on, feedback.published_at or clock.now()),
        reach=reach,
        few=disclosure.protect_alone(reach.owed, threshold).withheld,
        threshold=threshold,
        rule=disclosure.rule(threshold),
        preview=preview,
    )


@pages.route("/unsubscribe", methods=["GET", "POST"])
def unsubscribe() -> ResponseReturnValue:
    """Ask whether to stop writing to an address; a POST stops, also the one click of a mail program.

    The signed address is the whole authority, so there is no session and no other token (RFC 8058).
    """
    contact_id = mails.contact_of(request.args.get("token", ""))
    if contact_id is None or find_contact(db.session, contact_id) is None:
        return render_template("feedback/public/unknown_address.html"), 404
    if request.method == "POST":
        write_no_more(db.session, contact_id=contact_id, today=clock.today())
        return render_template("feedback/public/unsubscribed.html")
    return render_template("feedback/public/unsubscribe.html")
