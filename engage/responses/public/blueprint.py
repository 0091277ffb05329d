"""The pages of taking part, and what they share: the offer in the address, the ticket in the form."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from flask import abort, current_app, request
from flask import session as browser

from engage.distribution.queries import find_link
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.questionnaires.queries import Published, get_published
from engage.responses.queries import Offer, offers
from engage.responses.tickets import Ticket, new_ticket, open_ticket

pages = Pages("take_part", __name__, admits=Audience.EVERYBODY, url_prefix="/take-part")

# Long enough to spare the database under load, short enough that nobody notices an officer's change late.
# Whether a response may still be stored is always asked of the database, inside its transaction.
OFFER_SECONDS = 2.0
MOST_OFFERS_KEPT = 200


def offers_of(slug: str) -> list[Offer]:
    """Return the instruments offered under `slug`, a moment old at most; 404 where there is none."""
    kept: dict[str, tuple[float, list[Offer]]] = current_app.extensions.setdefault("engage_offers", {})
    at, found = kept.get(slug, (-OFFER_SECONDS, []))
    if current_app.testing or monotonic() - at > OFFER_SECONDS:
        found = offers(db.session, slug)
        if len(kept) >= MOST_OFFERS_KEPT:
            kept.clear()
        if found:
            kept[slug] = (monotonic(), found)
    if not found:
        abort(404)
    return found


def offer_of(slug: str, code: str) -> Offer:
    """Return one instrument offered under `slug`; 404 where there is none."""
    return next((offer for offer in offers_of(slug) if offer.code == code), None) or abort(404)


def published(version_id: int) -> Published:
    """Return a published version, kept in memory once read: it never changes."""
    kept: dict[int, Published] = current_app.extensions.setdefault("engage_published", {})
    if version_id not in kept:
        kept[version_id] = get_published(db.session, version_id)
    return kept[version_id]


def fresh_ticket(offer: Offer) -> Ticket:
    """Return a ticket for a new copy of the form, with the group whose link this browser followed, if any."""
    link_id = group_id = 0
    if code := followed_link(offer.consultation_id):
        link = find_link(db.session, code)
        if link is not None and link.consultation_id == offer.consultation_id and link.revoked_at is None:
            link_id, group_id = link.id, link.group_id
    return new_ticket(
        instrument_id=offer.instrument_id,
        version_id=offer.version_id,
        link_id=link_id,
        group_id=group_id,
        rotations=published(offer.version_id).definition.rotations,
        now=clock.now(),
    )


def sent_ticket(offer: Offer) -> Ticket | None:
    """Return the ticket in the form that was sent, if it is ours and of this instrument."""
    ticket = open_ticket(request.form.get("ticket", ""))
    return ticket if ticket and ticket.instrument_id == offer.instrument_id else None


def followed_link(consultation_id: int) -> str | None:
    """Return the code of the link by which this browser came to a consultation, if it came by one."""
    via: Mapping[str, str] = browser.get("via") or {}
    return via.get(str(consultation_id))
