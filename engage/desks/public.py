"""The front page, and the pages about the platform itself."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from engage.boroughs.rules import POSTCODE_SOURCES, slug_of
from engage.desks import queries
from engage.desks.rules import SHADES, WE_DID, Tile
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.foundations.settings import Settings
from engage.timetable.rules import last_day

pages = Pages("home", __name__, admits=Audience.EVERYBODY)


pages.add_app_template_filter(last_day)


@pages.get("/")
def index() -> ResponseReturnValue:
    """What is open, what is coming, what came of it, and where."""
    now = clock.now()
    front = queries.front(db.session, now=now)
    return render_template(
        "desks/public/index.html",
        today=clock.in_london(now).date(),
        front=replace(front, tiles=[_linked(tile) for tile in front.tiles]),
        key=[(shade, text) for shade, text in SHADES.items() if any(t.step is shade for t in front.tiles)],
        outcomes=WE_DID,
        threshold=_threshold(),
    )


def _linked(tile: Tile) -> Tile:
    return replace(tile, href=url_for("borough.show", slug=slug_of(tile.name)))


def _threshold() -> int:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.disclosure_threshold


@pages.get("/about")
def about() -> ResponseReturnValue:
    """Who runs the site, and what to expect of it."""
    return render_template("desks/public/about.html", sources=POSTCODE_SOURCES)


@pages.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """How to use the site whatever one's eyes, hands or device."""
    return render_template("desks/public/accessibility.html")


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept, what is not, and for how long."""
    return render_template("desks/public/privacy.html", threshold=_threshold())


@pages.get("/cookies")
def cookies() -> ResponseReturnValue:
    """The one cookie."""
    return render_template("desks/public/cookies.html")
