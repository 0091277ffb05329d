"""Feedback, to read; and the way out of the mailing."""

from __future__ import annotations

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from engage.analysis import disclosure
from engage.analysis.queries import evidence_folder
from engage.consultations.models import Consultation
from engage.feedback import feed as feeds
from engage.feedback import mails, places, queries, rules
from engage.feedback.filling import facts_of, filled
from engage.feedback.labels import OUTCOMES
from engage.feedback.ledger.queries import by_route
from engage.feedback.ledger.showing import shown as told
from engage.feedback.models import Feedback
from engage.feedback.overdue.queries import find_owed, owed
from engage.feedback.placeholders import Facts
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import locale_code
from engage.foundations.pages import Audience, Pages
from engage.plan_export.deciding import progress
from engage.plan_export.rules import STANDINGS
from engage.responses.contacts import find_contact
from engage.responses.contacts import unsubscribe as write_no_more
from engage.timetable.queries import get_entry_by_id

pages = Pages("feedback", __name__, admits=Audience.EVERYBODY)


@pages.get("/what-happened")
def index() -> ResponseReturnValue:
    """List everything that was fed back, the latest first, after what is still owed to everybody."""
    return render_template(
        "feedback/public/index.html",
        owed=owed(db.session, clock.today()),
        happened=queries.happened(db.session),
        outcomes=OUTCOMES,
    )


@pages.get("/consultations/<slug>/feedback")
def show(slug: str) -> ResponseReturnValue:
    """Show what people said, what was decided and why, once it is published.

    `?borough=` (an area's code) shows the part of one place, `?version=easy-read` the easy-read text, and
    `?size=large` any of them in large print. Before that it says when it is due.
    """
    waited_for = find_owed(db.session, slug, clock.today())
    if waited_for is not None and not waited_for.is_published:
        return render_template("feedback/public/not_yet.html", owed=waited_for), 404
    return shown(*queries.get_published(db.session, slug), preview=False)


@pages.get("/what-happened.atom")
def feed() -> Response:
    """Send what was fed back as an Atom feed, the latest first."""
    body = feeds.document(
        queries.happened(db.session),
        authority=str(current_app.config["SETTINGS"].authority),
        language=locale_code(),
        modified=clock.now(),
    )
    response = Response(body, content_type=feeds.ATOM_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={feeds.KEPT_FOR}"
    return response


def shown(consultation: Consultation, feedback: Feedback, *, preview: bool) -> str:
    """Return the page of some feedback; a preview says that nobody else can see it."""
    settings = current_app.config["SETTINGS"]
    threshold = settings.disclosure_threshold
    facts = facts_for(consultation)
    text = filled(feedback, facts)
    easy = request.args.get("version") == "easy-read" and bool(text.easy_read)
    entry = get_entry_by_id(db.session, consultation.entry_id)
    values = {
        "consultation": consultation,
        "feedback": feedback,
        "text": text,
        "figures": facts.figures,
        "outcomes": OUTCOMES,
        "entry": entry,
        "large": request.args.get("size") == "large",
        "preview": preview,
        "itself": "officer_feedback.preview" if preview else "feedback.show",
        "threshold": threshold,
        "rule": disclosure.rule(threshold),
    }
    if easy:
        return render_template("feedback/public/easy_read.html", **values)
    if part := _part_asked(consultation, facts, threshold):
        return render_template("feedback/public/part.html", part=part, **values)
    routes = by_route(db.session, feedback.id)
    reach = queries.reach(db.session, feedback, routes)
    return render_template(
        "feedback/public/show.html",
        boroughs=places.named(db.session, facts.figures, folder=evidence_folder(settings)),
        progress=progress.of(db.session, [figure.decision_id for figure in facts.figures]),
        STANDINGS=STANDINGS,
        trace="plan.priority" in current_app.view_functions,
        late=rules.days_late(entry.feedback_due_on, feedback.published_at or clock.now()),
        reach=reach,
        told=told(reach, routes, threshold),
        few=disclosure.protect_alone(reach.owed, threshold).withheld,
        **values,
    )


def facts_for(consultation: Consultation) -> Facts:
    """Return what placeholders say of a consultation in this installation."""
    settings = current_app.config["SETTINGS"]
    return facts_of(
        db.session,
        consultation,
        folder=evidence_folder(settings),
        threshold=settings.disclosure_threshold,
    )


def _part_asked(consultation: Consultation, facts: Facts, threshold: int) -> places.Part | None:
    """Return the part of the place in the address, None where none is asked for; 404 where there is none."""
    code = request.args.get("borough")
    if not code:
        return None
    found = places.parts(
        db.session,
        consultation,
        facts.figures,
        folder=evidence_folder(current_app.config["SETTINGS"]),
        threshold=threshold,
    )
    return places.find_part(found, code) or abort(404)


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
