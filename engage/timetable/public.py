"""The public timetable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engage.boroughs.queries import places
from engage.foundations import clock
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from engage.timetable import queries, rules
from engage.timetable.cards import Card, card
from engage.timetable.duties import queries as duties
from engage.timetable.duties.rules import DutyName
from engage.timetable.labels import LEVELS, STATES
from engage.timetable.queries import Filters, Listed
from engage.timetable.rules import EntryState, Level
from engage.timetable.timeline import Standing, timeline

pages = Pages("timetable", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable")

AT_FIRST = 10
PER_PAGE = 25
Choice = TypeVar("Choice", bound=StrEnum)


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
    register = duties.names(db.session)
    filters = _filters(request.args, register)
    only = _chosen(EntryState, request.args.get("state", ""))
    groups = rules.grouped(queries.entries(db.session, filters), now)
    if only is None:
        sections = [_beginning(state, found, now) for state, found in groups.items()]
    else:
        number = request.args.get("page", 1, type=int)
        sections = [_page(only, groups[only], number, now)] if only in groups else []
    return render_template(
        "timetable/public/index.html",
        sections=sections,
        total=sum(section.total for section in sections),
        filters=filters,
        only=only,
        narrowed=only is not None or filters != queries.EVERYTHING,
        areas=places(db.session),
        DUTIES=register,
        **WORDS,
    )


@pages.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show one entry as a whole."""
    now = clock.now()
    entry = queries.get_published(db.session, slug)
    return render_template(
        "timetable/public/show.html",
        card=card(entry, now),
        steps=timeline(entry, now),
        Standing=Standing,
        DUTIES=duties.names(db.session),
        **WORDS,
    )


WORDS = {"LEVELS": LEVELS, "STATES": STATES, "EntryState": EntryState}


def _beginning(state: EntryState, found: list[Listed], now: datetime) -> Section:
    """Return the first entries of a state; all of those that can be answered now."""
    shown = found if state is EntryState.OPEN else found[:AT_FIRST]
    return Section(state, tuple(card(entry, now) for entry in shown), len(found), 1, 1)


def _page(state: EntryState, found: list[Listed], number: int, now: datetime) -> Section:
    pages_of_them = max(1, ceil(len(found) / PER_PAGE))
    number = min(max(number, 1), pages_of_them)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Section(state, tuple(card(entry, now) for entry in shown), len(found), number, pages_of_them)


def _filters(asked: Mapping[str, str], register: Mapping[str, DutyName]) -> Filters:
    """Return the filters an address asks for; what we do not know narrows nothing."""
    return Filters(
        duty=asked["duty"] if asked.get("duty") in register else None,
        level=_chosen(Level, asked.get("level", "")),
        area_code=asked.get("borough") or None,
        words=asked.get("words", "").strip()[:100],
    )


def _chosen(kind: type[Choice], value: str) -> Choice | None:
    return kind(value) if value in set(kind) else None
