"""The pages of taking part, and what they share: the offer in the address, the ticket in the form."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from flask import Response, abort, after_this_request, current_app, request
from flask import session as browser

from engage.distribution.counting import COOKIES, met
from engage.distribution.panels.invitations import is_unused
from engage.distribution.panels.public import INVITED
from engage.distribution.queries import find_link
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import lazy
from engage.foundations.pages import Audience, Pages
from engage.questionnaires.definitions import QuestionPage
from engage.questionnaires.queries import Published, get_published
from engage.responses.queries import Offer, offers
from engage.responses.tickets import Ticket, new_ticket, open_ticket

STALE = lazy(
    "This page was open for too long to be sent. What you wrote is still here: please send it again."
)

pages = Pages("take_part", __name__, admits=Audience.EVERYBODY, url_prefix="/take-part")

# Long enough to spare the database under load, short enough that nobody notices an officer's change late.
# Whether a response may still be stored is always asked of the database, inside its transaction.
OFFER_SECONDS = 2.0
MOST_OFFERS_KEPT = 200

# What this browser holds of a person who takes part.
DRAFTS = "drafts"
AGES, SENT_AGES = "ages", "sent_ages"
# So that the cookie stays small; nobody is in the middle of more at once.
MOST_HELD = 5
TAKING_PART = frozenset({"receipts", "via", DRAFTS, AGES, SENT_AGES, INVITED})

# What a draft keeps of one field; every kind refuses texts far below this with a sentence of its own.
LONGEST_FIELD = 50_000
MOST_VALUES = 100


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
    """Return a ticket for a new copy of the form, with the group whose link this browser followed, if any.

    Whoever was invited answers for no group.
    """
    link_id = group_id = 0
    invitation = held_invitation(offer)
    if not invitation and (code := followed_link(offer.consultation_id)):
        link = find_link(db.session, code)
        if link is not None and link.consultation_id == offer.consultation_id and link.revoked_at is None:
            link_id, group_id = link.id, link.group_id or 0
    return new_ticket(
        instrument_id=offer.instrument_id,
        version_id=offer.version_id,
        link_id=link_id,
        group_id=group_id,
        rotations=published(offer.version_id).definition.rotations,
        now=clock.now(),
        invitation=invitation,
    )


def held_invitation(offer: Offer) -> str:
    """Return the unused invitation that this browser holds for an instrument; empty without one."""
    held: str = (browser.get(INVITED) or {}).get(str(offer.instrument_id), "")
    if held and is_unused(db.session, token_hash=bytes.fromhex(held), instrument_id=offer.instrument_id):
        return held
    return ""


def sent_ticket(offer: Offer) -> Ticket | None:
    """Return the ticket in the form that was sent, if it is ours and of this instrument."""
    ticket = open_ticket(request.form.get("ticket", ""))
    return ticket if ticket and ticket.instrument_id == offer.instrument_id else None


def held_ticket(offer: Offer) -> Ticket | None:
    """Return the ticket of the form this browser is in the middle of, if it is one of this instrument."""
    held = browser.get(DRAFTS) or {}
    return open_ticket(held.get(str(offer.instrument_id), ""))


def hold_ticket(ticket: Ticket) -> None:
    """Let this browser know which form it is in the middle of. The form itself carries its ticket too."""
    held = dict(browser.get(DRAFTS) or {})
    sealed = ticket.seal()
    if held.pop(str(ticket.instrument_id), None) != sealed:
        held = dict([*held.items(), (str(ticket.instrument_id), sealed)][-MOST_HELD:])
        browser[DRAFTS] = held


def let_go(offer: Offer) -> None:
    """Forget which form of this instrument the browser is in the middle of."""
    held = dict(browser.get(DRAFTS) or {})
    if held.pop(str(offer.instrument_id), None):
        browser[DRAFTS] = held


def forget_person() -> None:
    """Forget in this browser that anybody took part; a sign-in stays."""
    for held in TAKING_PART:
        browser.pop(held, None)
    forget_counted()


def forget_counted() -> None:
    """Forget in this browser for which links it has been counted: the next person at it is another."""
    held = COOKIES & request.cookies.keys()
    if not held:
        return

    @after_this_request
    def forget(response: Response) -> Response:
        for name in sorted(held):
            response.delete_cookie(name)
        return response


def counts_start(ticket: Ticket) -> bool:
    """Tell whether a form that was just given out still has to be counted as started by its link."""
    return bool(ticket.link_id) and not (ticket.changes or met(request.cookies, ticket.link_id).started)


def keeps_cookies() -> bool:
    """Tell whether this browser sent back the cookie that a form of several pages gives it."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def is_from_elsewhere() -> bool:
    """Tell whether the browser says that another site made it send this request."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def given_on(page: QuestionPage) -> dict[str, list[str]]:
    """Return the fields sent that belong to this page's questions.

    Without the character NUL, which no keyboard writes and PostgreSQL cannot keep.
    """
    codes = tuple(question.code for question in page.questions)
    parts = tuple(f"{code}-" for code in codes)
    return {
        name.replace("\x00", ""): [
            value[:LONGEST_FIELD].replace("\x00", "") for value in values[:MOST_VALUES]
        ]
        for name, values in request.form.lists()
        if name in codes or name.startswith(parts)
    }


def followed_link(consultation_id: int) -> str | None:
    """Return the code of the link by which this browser came to a consultation, if it came by one."""
    via: Mapping[str, str] = browser.get("via") or {}
    return via.get(str(consultation_id))
