"""What a device is given in advance, so that people can answer on it while it has no connection."""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from engage.distribution.queries import find_link
from engage.questionnaires.queries import Published
from engage.responses.queries import Offer
from engage.responses.rules import show_receipt
from engage.responses.service import receipt_code
from engage.responses.tablets.event import Event
from engage.responses.tablets.rules import MOST_ORDERS, SUPPLY, Check, checks_of, works_offline
from engage.responses.tickets import Ticket, new_ticket

FORM = "responses/tablets/parts/form.html"


def event_ticket(
    session: Session, *, event: Event, offer: Offer, version: Published, now: datetime
) -> Ticket:
    """Return a ticket for the next person at an event, with the group whose link it is held by, if any."""
    link = find_link(session, event.link) if event.link else None
    followed = (
        link if link and link.consultation_id == offer.consultation_id and not link.revoked_at else None
    )
    return new_ticket(
        instrument_id=offer.instrument_id,
        version_id=offer.version_id,
        link_id=followed.id if followed else 0,
        group_id=(followed.group_id or 0) if followed else 0,
        rotations=version.definition.rotations,
        now=now,
    )


def questions(version: Published, ticket: Ticket, **more: Any) -> dict[str, Any]:
    """Return what the template of a form needs: it is blank unless `more` says otherwise."""
    said: dict[str, Any] = {"given": {}, "problems": (), "apology": None, "sealed": ticket.seal()} | more
    return said | {
        "page": version.definition.pages[0],
        "rotation": ticket.rotation,
        "notice": version.privacy_notice,
        "errors": {problem.field: problem.message for problem in said["problems"]},
    }


def supply(
    session: Session, *, event: Event, offer: Offer, version: Published, now: datetime
) -> dict[str, Any]:
    """Return what a device needs to take forms without a connection, as JSON holds it.

    No tickets where nobody can answer at `now`, or where the form needs a connection.
    """
    tickets: list[Ticket] = []
    if offer.is_open(now) and works_offline(version.definition):
        tickets = _tickets(event_ticket(session, event=event, offer=offer, version=version, now=now), version)
    checks = [_plain(check) for check in checks_of(version.definition)]
    forms = {
        f"{ticket.version_id}-{ticket.rotation}": {
            "html": render_template(FORM, offer=offer, **questions(version, ticket, sealed="")),
            "checks": checks,
        }
        for ticket in {(each.version_id, each.rotation): each for each in tickets}.values()
    }
    return {
        "lock": event.lock,
        "now": _milliseconds(now),
        "closes": _milliseconds(offer.closes_at),
        "until": _milliseconds(datetime.fromtimestamp(event.until, UTC)),
        "tickets": [
            {
                "ticket": ticket.seal(),
                "receipt": show_receipt(receipt_code(ticket)),
                "form": f"{ticket.version_id}-{ticket.rotation}",
            }
            for ticket in tickets
        ],
        "forms": forms,
    }


def _tickets(first: Ticket, version: Published) -> list[Ticket]:
    """Return tickets for as many people, in a few orders drawn by lot, so that few copies need be kept."""
    rotations = version.definition.rotations
    orders = secrets.SystemRandom().sample(range(rotations), min(rotations, MOST_ORDERS))
    return [
        replace(first, rotation=secrets.choice(orders), nonce=secrets.token_urlsafe(16))
        for _ in range(SUPPLY)
    ]


def _plain(check: Check) -> dict[str, Any]:
    """Return a check as JSON holds it, its sentences in the language of the request."""
    return {
        name: value if isinstance(value, bool | int | None) else str(value)
        for name, value in asdict(check).items()
    }


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
