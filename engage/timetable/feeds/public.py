"""The feeds of any view of the timetable: calendar, news and data, with the schema of the data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask import Response, current_app, request

from engage.foundations import clock
from engage.foundations.addresses import address_of
from engage.foundations.database import db
from engage.foundations.language import _, locale_code
from engage.foundations.lists import nearest
from engage.foundations.pages import Audience, Pages
from engage.timetable import asked, news, queries, rules
from engage.timetable.asked import Choices, View
from engage.timetable.briefs import briefs
from engage.timetable.feeds import atom as atoms
from engage.timetable.feeds import ical as calendars
from engage.timetable.feeds import json as documents
from engage.timetable.feeds import reading
from engage.timetable.feeds.reading import Feed, Head
from engage.timetable.feeds.schema import schema as describe
from engage.timetable.marks import marks_of
from engage.timetable.rules import EntryState

pages = Pages("timetable_feeds", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable")

CALENDAR = "text/calendar; charset=utf-8; method=PUBLISH"
NEWS = "application/atom+xml; charset=utf-8"
DATA = "application/json; charset=utf-8"
# Calendars ask every few hours and readers more often: the answer may be five minutes old.
KEPT_FOR = 300


@pages.get("/feed.ics")
def ical() -> Response:
    """Send a view as a calendar."""
    now = clock.now()
    known = asked.choices(db.session)
    view = asked.view_of(request.args, known)
    feed = _feed("ical", view, known, view.follows, now)
    return _sent(calendars.calendar(feed), CALENDAR, feed.head.modified, name="timetable.ics")


@pages.get("/feed.json")
def data() -> Response:
    """Send a view as data."""
    now = clock.now()
    known = asked.choices(db.session)
    view = asked.view_of(request.args, known)
    feed = _feed("data", view, known, view.shows, now)
    body = documents.document(feed, address_of("timetable_feeds.schema"))
    return _sent(body, DATA, feed.head.modified)


@pages.get("/feed.atom")
def atom() -> Response:
    """Send the news of a view, last first, a page at a time."""
    now = clock.now()
    known = asked.choices(db.session)
    view = asked.view_of(request.args, known)
    among = None
    if view.state is not None:
        found = briefs(db.session, view.filters)
        among = [brief.id for brief in found if view.follows(rules.state(brief, now))]
    in_all = news.count(db.session, view.filters, among=among)
    number, of_them = nearest(request.args.get("page", type=int), in_all, atoms.PER_PAGE)
    told = news.latest(
        db.session,
        view.filters,
        among=among,
        limit=atoms.PER_PAGE,
        offset=(number - 1) * atoms.PER_PAGE,
    )
    head = _head("atom", view, known, now, page=number)
    body = atoms.document(
        head,
        view.asked(),
        told,
        marks=marks_of(db.session, {each.entry.id for each in told}),
        pages=_pages(view, number, of_them),
        show=_show(),
    )
    return _sent(body, NEWS, head.modified)


@pages.get("/schema.json")
def schema() -> Response:
    """Send the description of the data."""
    body = documents.written(describe(address_of("timetable_feeds.schema")))
    return _sent(body, "application/schema+json; charset=utf-8", None)


@pages.get("/<slug>/calendar.ics")
def entry(slug: str) -> Response:
    """Send the dates of one entry, to be put into a calendar."""
    now = clock.now()
    found = queries.get_published(db.session, slug)
    itself = address_of("timetable_feeds.entry", slug=slug)
    head = Head(
        _authority(),
        locale_code(),
        found.title,
        itself,
        address_of("timetable.show", slug=slug),
        reading.changed(found),
    )
    items = reading.with_marks(db.session, [(found, rules.state(found, now))], show=_show())
    body = calendars.calendar(Feed(head, items, (), ()))
    return _sent(body, CALENDAR, head.modified, name=f"{slug}.ics", download=True)


def _feed(
    endpoint: str, view: View, known: Choices, belongs: Callable[[EntryState], bool], now: datetime
) -> Feed:
    return Feed(
        _head(endpoint, view, known, now),
        reading.items(db.session, view.filters, belongs, show=_show(), now=now),
        tuple(known.duties.items()),
        tuple(view.asked().items()),
    )


def _head(endpoint: str, view: View, known: Choices, now: datetime, page: int = 1) -> Head:
    chosen = ", ".join(str(part) for part in asked.said(view, known))
    return Head(
        _authority(),
        locale_code(),
        _("Timetable: %(chosen)s", chosen=chosen)
        if chosen
        else _("Timetable of consultation and engagement"),
        _address(endpoint, view, page),
        address_of("timetable.index", **view.asked()),
        reading.last_change(db.session, now),
    )


def _pages(view: View, number: int, of_them: int) -> atoms.Pages:
    return atoms.Pages(
        _address("atom", view),
        _address("atom", view, number - 1) if number > 1 else None,
        _address("atom", view, number + 1) if number < of_them else None,
    )


def _address(endpoint: str, view: View, page: int = 1) -> str:
    """Return the full address of a feed of `view`; the first page has no number."""
    parts = view.asked() | ({"page": str(page)} if page > 1 else {})
    return address_of(f"timetable_feeds.{endpoint}", **parts)


def _show() -> str:
    """Return the address that the name of an entry is put after, to have that of its page."""
    return address_of("timetable.show", slug="x").removesuffix("x")


def _authority() -> str:
    return str(current_app.config["SETTINGS"].authority)


def _sent(
    body: bytes, kind: str, modified: datetime | None, *, name: str = "", download: bool = False
) -> Response:
    """Return the answer, or that nothing has changed; anybody may read it from anywhere."""
    response = Response(body, content_type=kind)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.last_modified = modified
    response.cache_control.public = True
    response.cache_control.max_age = KEPT_FOR
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if name:
        kept = "attachment" if download else "inline"
        response.headers["Content-Disposition"] = f'{kept}; filename="{name}"'
    response.make_conditional(request)
    return response
