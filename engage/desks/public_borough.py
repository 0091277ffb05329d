"""The boroughs, for the people who live there: who carries their voice, what is asked, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engage.boroughs.models import AreaKind
from engage.boroughs.queries import get_place, places
from engage.boroughs.rules import CENSUS_SOURCE, slug_of
from engage.desks import registers
from engage.desks.rules import SHADES, tiles
from engage.feedback.queries import Happened, happened
from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.groups.queries import cpegs
from engage.timetable import queries as timetable
from engage.timetable.cards import Card, card
from engage.timetable.labels import STATES
from engage.timetable.rules import EntryState, grouped

pages = Pages("borough", __name__, admits=Audience.EVERYBODY, url_prefix="/boroughs")

OUTSIDE = "outside-london"
EARLIER = 8
# What has run its course and what was called off are both told of as earlier.
BEFORE = (EntryState.FED_BACK, EntryState.CLOSED)


@pages.get("")
def index() -> ResponseReturnValue:
    """Show London as a map of tiles, and the same as a list."""
    now = clock.now()
    states = grouped(timetable.entries(db.session), now)
    areas = places(db.session)
    own = {
        state: [entry.area_code for entry in states.get(state, []) if entry.area_code]
        for state in (EntryState.OPEN, EntryState.FORTHCOMING)
    }
    drawn = [
        replace(tile, href=url_for(".show", slug=slug_of(tile.name)))
        for tile in tiles(areas, own[EntryState.OPEN], own[EntryState.FORTHCOMING])
    ]
    return render_template(
        "desks/public/boroughs.html",
        tiles=drawn,
        key=[(shade, text) for shade, text in SHADES.items() if any(tile.step is shade for tile in drawn)],
        areas=areas,
        cpegs={group.area_code: group for group in reversed(cpegs(db.session))},
        slug_of=slug_of,
        outside=OUTSIDE,
        AreaKind=AreaKind,
    )


@pages.get("/" + OUTSIDE)
def outside() -> ResponseReturnValue:
    """Say what somebody can do who does not live in London."""
    states = registers.everywhere(db.session, clock.now())
    return render_template("desks/public/outside.html", open=states.get(EntryState.OPEN, []))


@pages.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show a borough, or the City."""
    if slug != slug.lower():
        return redirect(url_for(".show", slug=slug.lower()), 301)
    now = clock.now()
    local = registers.local(db.session, get_place(db.session, slug), now)
    earlier = [card(entry, now) for state in BEFORE for entry in local.states.get(state, [])]
    return render_template(
        "desks/public/borough.html",
        local=local,
        area=local.area,
        city=local.area.kind is AreaKind.CITY,
        open=[card(entry, now) for entry in local.states.get(EntryState.OPEN, [])],
        coming=local.states.get(EntryState.FORTHCOMING, []),
        earlier=earlier[:EARLIER],
        more_earlier=len(earlier) > EARLIER,
        answered=_answered(earlier[:EARLIER]),
        embed=address_of("timetable_follow.embed", borough=local.area.code),
        census=CENSUS_SOURCE,
        STATES=STATES,
        slug=slug,
    )


def _answered(earlier: Sequence[Card]) -> list[Happened]:
    """Return those of the earlier ones that have been fed back, with a part for each borough."""
    shown = {card.entry.slug for card in earlier}
    return [one for one in happened(db.session) if one.slug in shown]
