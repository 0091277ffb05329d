"""Following a view of the timetable: in a calendar, by a news reader, or as a list on another site."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.foundations.security import may_be_framed
from engage.timetable import asked, queries, rules
from engage.timetable.briefs import briefs
from engage.timetable.cards import card
from engage.timetable.public import view_words
from engage.timetable.rules import EntryState

pages = Pages("timetable_follow", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable")

SHOWN = 12
KEPT_FOR = 300


@pages.get("/follow")
def ways() -> ResponseReturnValue:
    """Show every way to follow a view, with the addresses and the ready snippet to copy."""
    known = asked.choices(db.session)
    view = asked.view_of(request.args, known)
    calendar = address_of("timetable_feeds.ical", **view.asked())
    return render_template(
        "timetable/public/follow.html",
        calendar=calendar,
        subscribe="webcal://" + calendar.partition("://")[2],
        atom=address_of("timetable_feeds.atom", **view.asked()),
        data=address_of("timetable_feeds.data", **view.asked()),
        schema=address_of("timetable_feeds.schema"),
        embed=address_of("timetable_follow.embed", **view.asked()),
        **view_words(view, known),
    )


@pages.get("/embed")
def embed() -> Response:
    """Show what is open and coming in a view, to be framed by any site: no cookie, no script, no form."""
    now = clock.now()
    known = asked.choices(db.session)
    view = asked.view_of(request.args, known)
    groups = rules.grouped(briefs(db.session, view.filters), now)
    states = (EntryState.OPEN, EntryState.FORTHCOMING) if view.state is None else (view.state,)
    found = [brief for state in states for brief in groups.get(state, [])]
    whole = queries.entries_of(db.session, [brief.id for brief in found[:SHOWN]])
    page = render_template(
        "timetable/public/embed.html",
        cards=[card(whole[brief.id], now) for brief in found[:SHOWN]],
        more=len(found) - len(found[:SHOWN]),
        whole=address_of("timetable.index", **view.asked()),
        place=next((area.name for area in known.areas if area.code == view.filters.area_code), None),
        **view_words(view, known),
    )
    response = may_be_framed(make_response(page))
    response.cache_control.public = True
    response.cache_control.max_age = KEPT_FOR
    return response
