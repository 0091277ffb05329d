"""The public timetable: the list, and the page of each entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.lists import part
from engage.foundations.pages import Audience, Pages
from engage.groups.rules import COMMUNITIES
from engage.timetable import asked, marks, news, queries, rules
from engage.timetable.asked import Choices, View
from engage.timetable.briefs import Brief, briefs
from engage.timetable.cards import Card, card
from engage.timetable.duties import queries as duties
from engage.timetable.duties.rules import NO_DUTY
from engage.timetable.labels import LEVELS, METHODS, NEWS, REPEATS, STATES, TOPICS
from engage.timetable.picks import boxes
from engage.timetable.queries import Listed
from engage.timetable.rules import EntryState, Repeats
from engage.timetable.timeline import Standing, timeline

pages = Pages("timetable", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable")

AT_FIRST = 10
PER_PAGE = 25

# What every public page of the timetable says its entries and filters in.
WORDS = {
    "LEVELS": LEVELS,
    "STATES": STATES,
    "TOPICS": TOPICS,
    "METHODS": METHODS,
    "COMMUNITIES": COMMUNITIES,
    "NEWS": NEWS,
    "EntryState": EntryState,
}


@dataclass(frozen=True, slots=True)
class Section:
    """The entries of one state that are shown, out of `total`; `number` of `pages` where they are paged."""

    state: EntryState
    cards: tuple[Card, ...]
    total: int
    number: int
    pages: int


@pages.get("/")
def index() -> ResponseReturnValue:
    """Show the timetable, what can be answered now first, narrowed as the address asks."""
    now = clock.now()
    known = asked.choices(db.session)
    view = asked.view_of(request.args, known)
    groups = rules.grouped(briefs(db.session, view.filters), now)
    if view.state is not None:
        groups = {state: found for state, found in groups.items() if state is view.state}
    sections = _sections(groups, view.state, request.args.get("page", 1, type=int), now)
    return render_template(
        "timetable/public/index.html",
        sections=sections,
        total=sum(section.total for section in sections),
        **view_words(view, known),
    )


@pages.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show one entry as a whole."""
    now = clock.now()
    entry = queries.get_published(db.session, slug)
    others = queries.times_asked(db.session, entry)
    return render_template(
        "timetable/public/show.html",
        card=card(entry, now),
        steps=timeline(entry, now),
        Standing=Standing,
        marks=marks.marks_of(db.session, [entry.id])[entry.id],
        groups=marks.groups_of(db.session, entry.id),
        told=news.news_of(db.session, entry.id),
        before=[other for other in others if other.id == entry.repeated_from_id],
        after=[other for other in others if other.repeated_from_id == entry.id],
        repeats=None if entry.repeats is Repeats.NEVER else REPEATS[entry.repeats],
        serves_a_duty=entry.duty != NO_DUTY,
        DUTIES=duties.names(db.session),
        **WORDS,
    )


def view_words(view: View, known: Choices) -> dict[str, object]:
    """Return what the template of every view says: what was asked for, and how it can be narrowed."""
    return {
        "view": view,
        "chosen": asked.said(view, known),
        "boxes": boxes(view, known),
        "DUTIES": known.duties,
        **WORDS,
    }


def _sections(
    groups: Mapping[EntryState, list[Brief]], only: EntryState | None, number: int, now: datetime
) -> list[Section]:
    """Return the first entries of each state, or of the only state asked for the page with that number."""
    shown: dict[EntryState, tuple[list[Brief], int, int]] = {}
    for state, found in groups.items():
        if only is None:
            shown[state] = found[: PER_PAGE if state is EntryState.OPEN else AT_FIRST], 1, 1
        else:
            here = part(found, number, PER_PAGE)
            shown[state] = list(here.items), here.number, here.pages
    whole = queries.entries_of(db.session, [brief.id for found, *_ in shown.values() for brief in found])
    return [
        Section(state, _cards(found, whole, now), len(groups[state]), number, pages_of_them)
        for state, (found, number, pages_of_them) in shown.items()
    ]


def _cards(found: Sequence[Brief], whole: Mapping[int, Listed], now: datetime) -> tuple[Card, ...]:
    return tuple(card(whole[brief.id], now) for brief in found)
