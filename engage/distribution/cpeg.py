"""A coordinator's links and what came by them: their group's, its member groups', events' and posters'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from engage.consultations.labels import STATES
from engage.distribution import qr, queries, tree
from engage.distribution.labels import KINDS, address_begins, name_of
from engage.distribution.queries import Asked, GroupLink
from engage.distribution.rules import takes_links
from engage.distribution.told import Grove, groves
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.lists import has_words, part
from engage.foundations.pages import Audience, Pages
from engage.foundations.settings import Settings
from engage.timetable.rules import closing_said

pages = Pages("coordinator_links", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/links")

CONSULTATIONS_A_PAGE = 5
LINKS_A_PAGE = 50
FIRST_LINES = 8
RESIDENTS_SOURCE = "Census 2021, table TS009, Office for National Statistics"


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A link with all that its page says: the address in full, and the last day."""

    link: GroupLink
    address: str
    closing: date | datetime


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the group's links by consultation, each with what came by it and by those under it."""
    asked = queries.asked_of_family(db.session, current_user.group_id)
    page = part(asked, request.args.get("page", type=int), CONSULTATIONS_A_PAGE)
    return render_template(
        "distribution/cpeg/index.html",
        page=page,
        groves=_groves(page.items),
        FIRST_LINES=FIRST_LINES,
        **words(),
    )


@pages.get("/for/<slug>")
def consultation(slug: str) -> ResponseReturnValue:
    """Show all the group's links to one consultation, and the member groups that have none."""
    asked = asked_at(slug)
    (grove,) = _groves([asked])
    open_to_links = takes_links(asked.state)
    without = (
        queries.groups_without_link(db.session, asked.id, within=current_user.group_id)
        if open_to_links
        else ()
    )
    typed = request.args.get("q", "").strip()[:100]
    lines = [line for line in grove.lines if has_words(typed, line.row.label, line.row.group, line.row.code)]
    return render_template(
        "distribution/cpeg/consultation.html",
        grove=grove,
        page=part(lines, request.args.get("page", type=int), LINKS_A_PAGE),
        typed=typed,
        without=[group for group in without if group.id != current_user.group_id],
        **words(),
    )


@pages.get("/<int:link_id>")
def poster(link_id: int) -> ResponseReturnValue:
    """Show one link as a page to print and hang up."""
    return render_template("distribution/cpeg/poster.html", card=_card(own_link(link_id)))


@pages.get("/<int:link_id>/qr.svg")
def qr_svg(link_id: int) -> ResponseReturnValue:
    """The QR code, for print at any size."""
    return Response(qr.svg(_address(own_link(link_id))), mimetype="image/svg+xml")


@pages.get("/<int:link_id>/qr.png")
def qr_png(link_id: int) -> ResponseReturnValue:
    """The QR code, for messages and newsletters."""
    return Response(qr.png(_address(own_link(link_id))), mimetype="image/png")


def own_link(link_id: int, *, revoked_too: bool = False) -> GroupLink:
    """Return a link of the coordinator's own group or of one below it; any other is not found."""
    return queries.get_link_for_group(
        db.session, link_id=link_id, group_id=current_user.group_id, revoked_too=revoked_too
    )


def asked_at(slug: str) -> Asked:
    """Return a consultation to which the coordinator's group has links; any other is not found."""
    asked = queries.asked_of_family(db.session, current_user.group_id)
    found = next((each for each in asked if each.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def words() -> dict[str, Any]:
    """Return what every page of a coordinator's links needs to say what it shows."""
    return {
        "STATES": STATES,
        "KINDS": KINDS,
        "name_of": name_of,
        "takes_links": takes_links,
        "closing": lambda asked: closing_said(asked.closes_at),
        "begins": address_begins(),
        "residents": queries.residents(db.session, current_user.group_id),
        "per_ten_thousand": tree.per_ten_thousand,
        "RESIDENTS_SOURCE": RESIDENTS_SOURCE,
    }


def _groves(asked: Any) -> list[Grove]:
    settings: Settings = current_app.config["SETTINGS"]
    return groves(
        db.session, group_id=current_user.group_id, asked=asked, threshold=settings.disclosure_threshold
    )


def _address(link: GroupLink) -> str:
    return address_of("links.follow", code=link.code)


def _card(link: GroupLink) -> LinkCard:
    return LinkCard(link=link, address=_address(link), closing=closing_said(link.closes_at))
