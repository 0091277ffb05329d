"""A form at an event: one person after the other answers on one device, and none finds what another wrote.

The script does the same from a supply kept on the device, so that it needs no connection for a while. Without
it every page comes from here. Nothing is kept in a draft, and no page may be kept by the browser.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import Text, _
from engage.foundations.pages import INVALID
from engage.foundations.refusals import Refused
from engage.foundations.security import POLICY
from engage.questionnaires.definitions import follow
from engage.questionnaires.kinds.base import Problem
from engage.questionnaires.queries import Published
from engage.responses import queries, service
from engage.responses.public.blueprint import STALE, given_on, offer_of, pages, published, sent_ticket
from engage.responses.public.sending import store_only
from engage.responses.queries import Offer
from engage.responses.rules import show_receipt
from engage.responses.tablets.event import Event, held_event, keep, key_to
from engage.responses.tablets.rules import works_offline
from engage.responses.tablets.supply import event_ticket, questions, supply
from engage.responses.tickets import Ticket

# Besides what every page may: keep working without a connection, and send from a script.
EVENT_POLICY = f"{POLICY}; worker-src 'self'; connect-src 'self'"
STYLES_AND_SCRIPTS = ("dist/engage.css", "js/start.js", "js/tablet/main.js", "icons/engage.svg")
IMPORTED = (
    "dist/govuk-frontend.min.js",
    "js/priorities.js",
    *(f"js/tablet/{name}.js" for name in ("checks", "form", "idle", "kept", "sending", "vault")),
)
WORKER = "js/tablet/worker.js"
FORBIDDEN = 403


@pages.get("/<slug>/<code>/at-event/")
def at_event(slug: str, code: str) -> ResponseReturnValue:
    """Show a blank form to the next person."""
    offer, version, event = _here(slug, code)
    now = clock.now()
    if event is None:
        return _answer(_page(offer, version, "over"), FORBIDDEN)
    if not offer.is_open(now):
        return _answer(_page(offer, version, "closed"))
    ticket = event_ticket(db.session, event=event, offer=offer, version=version, now=now)
    keep(replace(event, ticket=ticket.key.hex(), receipt=""))
    return _answer(_page(offer, version, "form", **questions(version, ticket)))


@pages.get("/<slug>/<code>/at-event/without-connection")
def event_shell(slug: str, code: str) -> ResponseReturnValue:
    """Return the page without a form, which a device keeps and fills from its supply."""
    offer, version, _event = _here(slug, code)
    return _answer(_page(offer, version, "waiting"))


@pages.get("/<slug>/<code>/at-event/worker.js")
def event_worker(slug: str, code: str) -> ResponseReturnValue:
    """Return the script that answers for us while there is no connection.

    It rules the addresses below its own and no others; the files it keeps are named in its first line, so
    that it changes whenever one of them does.
    """
    offer = offer_of(slug, code)
    folder = Path(str(current_app.static_folder))
    asset = current_app.jinja_env.globals["asset"]
    files = [asset(name) for name in STYLES_AND_SCRIPTS]  # type: ignore[operator]
    files += [url_for("static", filename=name) for name in IMPORTED]
    shell = url_for("take_part.event_shell", slug=offer.slug, code=offer.code)
    told = {"files": files, "shell": shell, "version": _digest(folder)}
    script = f"const TOLD = {json.dumps(told)};\n{(folder / WORKER).read_text(encoding='utf-8')}"
    response = Response(script, mimetype="text/javascript")
    response.headers["Content-Security-Policy"] = EVENT_POLICY
    return response


@pages.get("/<slug>/<code>/at-event/supply")
def event_supply(slug: str, code: str) -> ResponseReturnValue:
    """Give the device of an event what it needs to take forms without a connection."""
    offer, version, event = _here(slug, code)
    if event is None:
        return _over()
    given = supply(db.session, event=event, offer=offer, version=version, now=clock.now())
    given["pages"] = {
        name: render_template(f"responses/tablets/parts/{name}.html", offer=offer, code="", facts={})
        for name in ("thanks", "later", "none", "closed", "over")
    }
    return jsonify(given)


@pages.post("/<slug>/<code>/at-event/key")
def event_key(slug: str, code: str) -> ResponseReturnValue:
    """Give the device of an event the key to what it keeps, so that it can send it.

    Another site can neither read the answer nor make the browser send its cookie with a form.
    """
    event = _here(slug, code)[2]
    if event is None:
        return _over()
    return jsonify(key=key_to(request.form.get("lock", "")) or abort(404))


@pages.post("/<slug>/<code>/at-event/send")
def send_from_event(slug: str, code: str) -> ResponseReturnValue:
    """Store a form as any other, and leave nothing of it in the browser."""
    offer, version, event = _here(slug, code)
    ticket = sent_ticket(offer)
    version = published(ticket.version_id) if ticket else version
    if len(version.definition.pages) > 1:
        abort(405)
    if ticket is None:
        return _refused(offer, version, event, None, apology=STALE)
    route = follow(version.definition, given_on(version.definition.pages[0]), ticket.rotation)
    if wrong := route.unfinished:
        return _refused(offer, version, event, ticket, problems=wrong.problems)
    try:
        receipt = store_only(offer, ticket, route.kept)
    except Refused as refusal:
        return _refused(offer, version, event, ticket, apology=refusal.message)
    code_shown = show_receipt(receipt.code)
    if _by_script():
        return jsonify(stored=True, receipt=code_shown)
    if event:
        keep(replace(event, receipt=code_shown))
    return redirect(url_for("take_part.event_thanks", slug=slug, code=code), 303)


@pages.get("/<slug>/<code>/at-event/thanks")
def event_thanks(slug: str, code: str) -> ResponseReturnValue:
    """Show a receipt code once, for a short time."""
    offer, version, event = _here(slug, code)
    if event is None or not event.receipt:
        return redirect(url_for("take_part.at_event", slug=slug, code=code))
    keep(replace(event, receipt=""))
    return _answer(_page(offer, version, "thanks", code=event.receipt))


@pages.get("/<slug>/<code>/at-event/organiser")
def event_organiser(slug: str, code: str) -> ResponseReturnValue:
    """Say what waits on the device, and how the event ends: by signing in."""
    offer, version, event = _here(slug, code)
    back = event.back if event else url_for("home.index")
    return _answer(_page(offer, version, "organiser", back=back, held=event is not None))


def _here(slug: str, code: str) -> tuple[Offer, Published, Event | None]:
    """Return what is asked at this address, and the event where this browser is used at one of it."""
    offer = offer_of(slug, code)
    event = held_event(clock.now())
    ours = event if event and (event.slug, event.code) == (offer.slug, offer.code) else None
    return offer, published(offer.version_id), ours


def _refused(
    offer: Offer,
    version: Published,
    event: Event | None,
    ticket: Ticket | None,
    *,
    problems: tuple[Problem, ...] = (),
    apology: Text | None = None,
) -> ResponseReturnValue:
    """Return the form with what is wrong; a script is told, and shows it.

    A form that is not the one on the screen belongs to somebody who has gone: a browser that is made to send
    it again must not bring it back.
    """
    if _by_script():
        wrong = [{"field": problem.field, "message": str(problem.message)} for problem in problems]
        return jsonify(stored=False, reason=str(apology or ""), problems=wrong), INVALID
    on_screen = event and ticket and event.ticket == ticket.key.hex()
    if event is None or (ticket and not on_screen) or (ticket and _is_stored(ticket)):
        return redirect(url_for("take_part.at_event", slug=offer.slug, code=offer.code), 303)
    if ticket is None:
        ticket = event_ticket(db.session, event=event, offer=offer, version=version, now=clock.now())
        keep(replace(event, ticket=ticket.key.hex()))
    given = given_on(version.definition.pages[0])
    told = questions(version, ticket, given=given, problems=problems, apology=apology)
    return _answer(_page(offer, version, "form", **told), INVALID)


def _is_stored(ticket: Ticket) -> bool:
    return queries.find_by_receipt(db.session, service.submission_key(ticket)) is not None


def _page(offer: Offer, version: Published, part: str, **told: Any) -> str:
    """Return the page of an event with one of its parts on it."""
    facts = {
        "base": url_for("take_part.at_event", slug=offer.slug, code=offer.code),
        "part": part,
        "offline": works_offline(version.definition),
        "words": _words(),
    }
    return render_template(
        "responses/tablets/event.html", **{"offer": offer, "part": part, "facts": facts} | told
    )


def _words() -> dict[str, str]:
    """Return what the script says, in the language of the request."""
    return {
        "waitsOne": _("1 form waits on this device to be sent."),
        "waitsMany": _("{n} forms wait on this device to be sent."),
        "refusedOne": _("1 form on this device was not taken. An organiser can see why."),
        "refusedMany": _("{n} forms on this device were not taken. An organiser can see why."),
        "over": _("The event is over on this device. An organiser signs in to send what waits."),
        "offline": _("No connection. You can answer: your answers are kept on this device, encrypted."),
        "problem": _("There is a problem"),
        "error": _("Error:"),
        "again": _("We could not send your answers. Please try again."),
    }


def _answer(html: str, status: int = 200) -> Response:
    """Return a page that may use a worker and send by script, and that no cache may keep."""
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = EVENT_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _over() -> ResponseReturnValue:
    return jsonify(over=True), FORBIDDEN


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _digest(folder: Path) -> str:
    """Return a short digest of all files that a device keeps."""
    whole = hashlib.sha256()
    for name in (*STYLES_AND_SCRIPTS, *IMPORTED):
        path = folder / name
        whole.update(path.read_bytes() if path.is_file() else b"")
    return whole.hexdigest()[:10]
