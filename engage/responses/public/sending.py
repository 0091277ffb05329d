"""Storing what was written, and handing the receipt to the browser it came from."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.boroughs.rules import UNDISCLOSED
from engage.distribution.counting import NOTHING_YET, Met, met
from engage.distribution.panels.public import INVITED
from engage.foundations import clock
from engage.foundations.database import db
from engage.questionnaires.kinds.base import Answer
from engage.responses import queries, service
from engage.responses.public import age
from engage.responses.public.blueprint import DRAFTS, forget_counted
from engage.responses.queries import Offer
from engage.responses.tickets import Ticket


def store(offer: Offer, ticket: Ticket, kept: Mapping[str, Answer]) -> ResponseReturnValue:
    """Store a response and lead to its receipt; raises `Refused` where it is not taken."""
    # Made before the response is stored: from there to the commit nobody else can write to SQLite.
    to_receipt = _to_receipt(offer, ticket)
    receipt = store_only(offer, ticket, kept, met(request.cookies, ticket.link_id))
    _hand_over(offer, receipt.code)
    return to_receipt


def store_only(
    offer: Offer, ticket: Ticket, kept: Mapping[str, Answer], counted: Met = NOTHING_YET
) -> service.Receipt:
    """Store a response and leave nothing in the browser; raises `Refused` where it is not taken."""
    area = next((answer["area"] for answer in kept.values() if "area" in answer), UNDISCLOSED)
    submission = service.Submission(offer.consultation_id, ticket, kept, area, met=counted)
    return service.submit(db.session, submission=submission, now=clock.now())


def find_sent(offer: Offer, ticket: Ticket) -> ResponseReturnValue | None:
    """Lead to the receipt of a form that was sent before; None where it was not."""
    key = service.submission_key(ticket)
    if queries.find_by_receipt(db.session, key) is None:
        return None
    _hand_over(offer, "" if ticket.changes else service.receipt_code(ticket))
    return _to_receipt(offer, ticket)


def _to_receipt(offer: Offer, ticket: Ticket) -> ResponseReturnValue:
    if ticket.changes:
        return redirect(url_for("take_part.changed"), 303)
    return redirect(url_for("take_part.received", slug=offer.slug), 303)


def _hand_over(offer: Offer, code: str) -> None:
    """Give the receipt code to this browser and forget the rest; the next person here starts afresh.

    Without a code it was a form that changed a response: whoever sent it has the code already.
    """
    if code:
        browser["receipts"] = {**(browser.get("receipts") or {}), offer.slug: code}
    age.hand_over(offer)
    for held in (DRAFTS, "via", INVITED):
        browser.pop(held, None)
    forget_counted()
