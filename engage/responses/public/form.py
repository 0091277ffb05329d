"""Answering: a form of one page is sent from that page, a longer one page by page (see `steps`)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.language import Text
from engage.foundations.pages import INVALID
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Step, follow
from engage.questionnaires.kinds.base import Given, Problem
from engage.questionnaires.queries import Published
from engage.responses.public import age
from engage.responses.public.blueprint import (
    STALE,
    counts_start,
    fresh_ticket,
    given_on,
    held_ticket,
    offer_of,
    pages,
    published,
    sent_ticket,
)
from engage.responses.public.rendering import Look, form_page
from engage.responses.public.sending import store
from engage.responses.public.steps import begun_before
from engage.responses.queries import Offer
from engage.responses.tickets import Ticket

# The browser keeps this copy of the form for its Back button: a fresh one would have a ticket of its own, so
# that sending it again would be a second response, and its list in another order under the ticks restored.
# It is sent to another address, because a browser forgets its copy of an address that it sends something to.
FOR_GOING_BACK = {"Cache-Control": "private, max-age=0"}


@pages.get("/<slug>/<code>")
def form(slug: str, code: str) -> ResponseReturnValue:
    """Show a form from its first page, or let somebody who began it before choose whether to go on."""
    offer = offer_of(slug, code)
    if asked_first := age.ask_first(offer):
        return asked_first
    held = held_ticket(offer)
    if held is not None and (begun := begun_before(offer, held)):
        return begun
    if not offer.is_open(clock.now()):
        return redirect(url_for("take_part.start", slug=slug))
    version = published(offer.version_id)
    first = version.definition.pages[0]
    if len(version.definition.pages) > 1:
        return redirect(url_for("take_part.page", slug=slug, code=code, page_code=first.code))
    return one_page(offer, version, fresh_ticket(offer)), FOR_GOING_BACK


@pages.get("/<slug>/<code>/send")
def send_again(slug: str, code: str) -> ResponseReturnValue:
    """Lead somebody who comes back to the address a form is sent to, to the form."""
    return redirect(url_for("take_part.form", slug=slug, code=code))


@pages.post("/<slug>/<code>/send")
def send(slug: str, code: str) -> ResponseReturnValue:
    """Store a form of one page and lead to its receipt."""
    offer = offer_of(slug, code)
    ticket = sent_ticket(offer)
    version = published(ticket.version_id if ticket else offer.version_id)
    if len(version.definition.pages) > 1:
        abort(405)
    given = given_on(version.definition.pages[0])
    if ticket is None:
        return one_page(offer, version, fresh_ticket(offer), given, apology=STALE), INVALID
    route = follow(version.definition, given, ticket.rotation)
    if wrong := route.unfinished:
        return one_page(offer, version, ticket, given, problems=wrong.problems), INVALID
    try:
        return store(offer, ticket, route.kept)
    except Refused as refusal:
        return one_page(offer, version, ticket, given, apology=refusal.message), INVALID


def one_page(
    offer: Offer,
    version: Published,
    ticket: Ticket,
    given: Given | None = None,
    *,
    problems: Sequence[Problem] = (),
    apology: Text | None = None,
) -> str:
    """Return a form of one page: blank, or with what was typed and what is wrong with it."""
    page = version.definition.pages[0]
    look = Look(
        until=offer.grace_for(ticket.began_at, clock.now()),
        changes=bool(ticket.changes),
        counts=given is None and counts_start(ticket),
    )
    # Nothing comes before the page that could hide a question on it.
    step = Step(page, page.questions)
    return form_page(offer, version, step, ticket, look, given=given, problems=problems, apology=apology)
