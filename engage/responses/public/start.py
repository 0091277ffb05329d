"""Where a consultation is met: what it is about, what may be answered, and by whose link one came."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from engage.distribution.counting import met
from engage.distribution.models import Link
from engage.distribution.queries import find_link
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.groups.models import Group
from engage.groups.queries import surviving
from engage.responses.public.blueprint import (
    followed_link,
    forget_person,
    held_invitation,
    held_ticket,
    offers_of,
    pages,
    published,
)
from engage.responses.queries import Offer, find_draft
from engage.timetable.queries import get_entry

# Where "Exit this page" leads, as on GOV.UK: a page that anybody might look at.
ELSEWHERE = "https://www.bbc.co.uk/weather"


@pages.get("/<slug>")
def start(slug: str) -> ResponseReturnValue:
    """Say what is asked and why, and lead to the forms."""
    found = offers_of(slug)
    asked = {offer.code: published(offer.version_id).definition for offer in found}
    link = find_link(db.session, followed_link(found[0].consultation_id) or "")
    return render_template(
        "responses/public/start.html",
        entry=get_entry(db.session, slug),
        offers=found,
        minutes={code: definition.minutes for code, definition in asked.items()},
        can_save=any(len(definition.pages) > 1 for definition in asked.values()),
        is_open=found[0].is_open(clock.now()),
        begun=[offer for offer in found if _has_begun(offer)],
        invited=[offer for offer in found if held_invitation(offer)],
        group=_group_of(link),
        counts=link is not None and not link.revoked_at and not met(request.cookies, link.id).opened,
        notice=published(found[0].version_id).privacy_notice,
    )


def _group_of(link: Link | None) -> Group | None:
    """Return the group that this browser's answers will be noted with, as it is called now."""
    if link is None or link.group_id is None or link.revoked_at:
        return None
    return surviving(db.session, link.group_id)


def _has_begun(offer: Offer) -> bool:
    """Tell whether this browser holds a form of the instrument that can still be sent."""
    ticket = held_ticket(offer)
    if ticket is None or not offer.takes(ticket.began_at, clock.now()):
        return False
    return find_draft(db.session, ticket.key) is not None


@pages.post("/<slug>/without-group")
def without_group(slug: str) -> ResponseReturnValue:
    """Forget by whose link this browser came."""
    consultation_id = offers_of(slug)[0].consultation_id
    via = dict(browser.get("via") or {})
    via.pop(str(consultation_id), None)
    browser["via"] = via
    flash(_("Your answers will not be counted for a group."))
    return redirect(url_for("take_part.start", slug=slug), 303)


@pages.get("/leave")
def leave() -> ResponseReturnValue:
    """Forget in this browser that anybody took part, and be gone."""
    forget_person()
    answer = redirect(ELSEWHERE, 303)
    # Also what the browser keeps of the pages themselves, to show when somebody presses Back.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer
