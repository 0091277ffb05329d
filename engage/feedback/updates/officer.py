"""Which updates went to how many, and what the next one will tell."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from engage.consultations.queries import get_consultation
from engage.feedback.labels import OUTCOMES
from engage.feedback.queries import find_feedback
from engage.feedback.updates import queries
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.plan_export.rules import STANDINGS

pages = Pages("officer_updates", __name__, admits=Audience.READERS, url_prefix="/officer/consultations")


@pages.get("/<slug>/updates")
def show(slug: str) -> ResponseReturnValue:
    """Show what was sent, and what waits for the next morning."""
    consultation = get_consultation(db.session, slug)
    feedback = find_feedback(db.session, consultation.id)
    waiting = queries.moved(
        db.session,
        consultation.id,
        since=queries.told_until(db.session).get(feedback.id) if feedback else None,
        until=clock.now(),
        threshold=current_app.config["SETTINGS"].disclosure_threshold,
    )
    return render_template(
        "feedback/updates/officer.html",
        consultation=consultation,
        published=feedback is not None and feedback.published_at is not None,
        wanting=queries.count_wanting(db.session, consultation.id),
        waiting=waiting,
        sent=queries.sent(db.session, slug),
        OUTCOMES=OUTCOMES,
        STANDINGS=STANDINGS,
    )
