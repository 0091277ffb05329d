"""Packs of every link of a consultation, and of all CPEGs at once."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from engage.consultations.queries import get_consultation
from engage.distribution.packs import queries, showing
from engage.distribution.packs.rules import OBSTACLES
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.language import _
from engage.foundations.pages import Audience, Pages

pages = Pages("officer_packs", __name__, admits=Audience.OFFICERS, url_prefix="/officer/consultations/<slug>")
LAYOUT = "layouts/officer.html"


@pages.get("/packs")
def index(slug: str) -> ResponseReturnValue:
    """Show the CPEGs whose packs there are."""
    consultation = get_consultation(db.session, slug)
    links, now = queries.cpeg_links(db.session, slug), clock.now()
    reason = showing.obstacle_of(links[0], now) if links else None
    return render_template(
        "distribution/packs/index.html",
        consultation=consultation,
        links=links,
        reason=OBSTACLES[reason] if reason else None,
    )


@pages.get("/packs.zip")
def everybody(slug: str) -> ResponseReturnValue:
    """The packs of all CPEGs in one archive, a folder each."""
    back = url_for(".index", slug=slug), str(_("Packs of the groups"))
    return showing.everybody(queries.cpeg_links(db.session, slug), f"{slug}-packs", LAYOUT, back)


@pages.get("/links/<int:link_id>/pack")
def show(slug: str, link_id: int) -> ResponseReturnValue:
    """Show everything with which a link is passed on."""
    return showing.show(queries.get_link_of(db.session, link_id, slug=slug), LAYOUT, _back(slug), pages.name)


@pages.get("/links/<int:link_id>/pack.zip")
def whole(slug: str, link_id: int) -> ResponseReturnValue:
    """The whole pack in one archive."""
    return showing.whole(queries.get_link_of(db.session, link_id, slug=slug), LAYOUT, _back(slug))


@pages.get("/links/<int:link_id>/pack/<name>")
def file(slug: str, link_id: int, name: str) -> ResponseReturnValue:
    """One file of the pack."""
    return showing.file(queries.get_link_of(db.session, link_id, slug=slug), name, LAYOUT, _back(slug))


def _back(slug: str) -> tuple[str, str]:
    return url_for("officer_links.index", slug=slug), str(_("Links"))
