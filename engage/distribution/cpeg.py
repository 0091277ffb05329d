"""A coordinator's links and what came by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engage.consultations.labels import STATES
from engage.distribution import qr, queries
from engage.distribution.queries import GroupLink
from engage.distribution.rules import Shown, shown_to_group
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.foundations.settings import Settings
from engage.timetable.rules import closing_said

pages = Pages("coordinator_links", __name__, admits=Audience.COORDINATORS, url_prefix="/coordinator/links")


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A link with all that its page says: the address in full, the last day, what came by it."""

    link: GroupLink
    address: str
    closing: date | datetime
    came: Shown


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the group's links and its member groups', by consultation."""
    links = queries.links_for_group(db.session, current_user.group_id)
    by_consultation = groupby(links, key=attrgetter("consultation_id"))
    consultations = [[_card(link) for link in several] for _, several in by_consultation]
    return render_template("distribution/cpeg/index.html", consultations=consultations, STATES=STATES)


@pages.get("/<int:link_id>")
def poster(link_id: int) -> ResponseReturnValue:
    """Show one link as a page to print and hang up."""
    return render_template("distribution/cpeg/poster.html", card=_card(_own_link(link_id)))


@pages.get("/<int:link_id>/qr.svg")
def qr_svg(link_id: int) -> ResponseReturnValue:
    """The QR code, for print at any size."""
    return Response(qr.svg(_address(_own_link(link_id))), mimetype="image/svg+xml")


@pages.get("/<int:link_id>/qr.png")
def qr_png(link_id: int) -> ResponseReturnValue:
    """The QR code, for messages and newsletters."""
    return Response(qr.png(_address(_own_link(link_id))), mimetype="image/png")


def _own_link(link_id: int) -> GroupLink:
    """Return a link of the coordinator's own group or its member groups; any other is not found."""
    return queries.get_link_for_group(db.session, link_id=link_id, group_id=current_user.group_id)


def _address(link: GroupLink) -> str:
    return address_of("links.follow", code=link.code)


def _card(link: GroupLink) -> LinkCard:
    settings: Settings = current_app.config["SETTINGS"]
    return LinkCard(
        link=link,
        address=_address(link),
        closing=closing_said(link.closes_at),
        came=shown_to_group(link.submitted, settings.disclosure_threshold),
    )
