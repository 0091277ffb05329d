"""The public timetable by month, by day and by year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.foundations import clock
from engage.foundations.clock import in_london
from engage.foundations.database import db
from engage.foundations.lists import Part, part
from engage.foundations.pages import Audience, Pages
from engage.timetable import asked, days, rules
from engage.timetable.asked import Choices, View
from engage.timetable.briefs import Brief, briefs
from engage.timetable.days import HAPPENS, Happening
from engage.timetable.details import YEARS
from engage.timetable.public import view_words
from engage.timetable.rules import EntryState

pages = Pages("timetable_calendar", __name__, admits=Audience.EVERYBODY, url_prefix="/timetable")

IN_A_DAY = 5
PER_PAGE = 40
# Any Monday will do for the names of the days.
WEEKDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """What an address asks for, and the entries that it finds in a stretch of days."""

    view: View
    known: Choices
    entries: list[Brief]
    now: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month: what is shown of it, and how much more there is."""

    on: date
    shown: list[Happening[Brief]]
    more: int


@pages.get("/month")
def this_month() -> ResponseReturnValue:
    """Go to the month we are in."""
    today = clock.today()
    return redirect(url_for(".month", year=today.year, number=today.month, **_asked()), 303)


@pages.get("/month/<int(fixed_digits=4):year>/<int(fixed_digits=2):number>")
def month(year: int, number: int) -> ResponseReturnValue:
    """Show a month, day by day, and what can be answered in it."""
    if year not in YEARS or not 1 <= number <= 12:
        abort(404)
    first, last = days.month_of(year, number)
    found = _found(first, last)
    by_day: dict[date, list[Happening[Brief]]] = defaultdict(list)
    for happening in days.happenings(found.entries, first, last):
        by_day[happening.on].append(happening)
    running = days.open_between(found.entries, first, last)
    here = {entry.id for entry in running}
    here |= {happening.entry.id for happenings in by_day.values() for happening in happenings}
    page = _page(running)
    return render_template(
        "timetable/public/month.html",
        first=first,
        weekdays=[WEEKDAY + timedelta(days=number) for number in range(7)],
        weeks=[[_day(on, by_day) for on in week] for week in days.weeks_of(year, number)],
        before=_if_known(rules.months_later(first, -1)),
        after=_if_known(rules.months_later(first, 1)),
        running=page.items,
        page=page,
        total=len(here),
        something=bool(by_day or running),
        **_words(found),
    )


@pages.get("/day/<int(fixed_digits=4):year>/<int(fixed_digits=2):number>/<int(fixed_digits=2):day>")
def day(year: int, number: int, day: int) -> ResponseReturnValue:
    """Show everything that happens on one day."""
    try:
        on = date(year, number, day)
    except ValueError:
        abort(404)
    if year not in YEARS:
        abort(404)
    found = _found(on, on)
    happenings = days.happenings(found.entries, on, on)
    return render_template(
        "timetable/public/day.html",
        on=on,
        happenings=happenings,
        total=len({happening.entry.id for happening in happenings}),
        **_words(found),
    )


@pages.get("/year")
def this_year() -> ResponseReturnValue:
    """Go to the year we are in."""
    return redirect(url_for(".year", year=clock.today().year, **_asked()), 303)


@pages.get("/year/<int(fixed_digits=4):year>")
def year(year: int) -> ResponseReturnValue:
    """Show a year as a picture, a bar for each entry, and as a table."""
    if year not in YEARS:
        abort(404)
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = _found(first, last)
    here = {happening.entry.id for happening in days.happenings(found.entries, first, last)}
    here |= {entry.id for entry in days.open_between(found.entries, first, last)}
    entries = [entry for entry in found.entries if entry.id in here]
    page = _page(entries)
    states = {entry.id: rules.state(entry, found.now) for entry in page.items}
    return render_template(
        "timetable/public/year.html",
        year=year,
        first=first,
        bars=[days.bar(entry, year) for entry in page.items],
        months=[date(year, number, 1) for number in range(1, 13)],
        before=_if_known(date(year - 1, 1, 1)),
        after=_if_known(date(year + 1, 1, 1)),
        here=(clock.today() - first).days if clock.today().year == year else None,
        start=first if clock.today().year != year else days.month_of(year, clock.today().month)[0],
        states=[state for state in EntryState if state in states.values()],
        page=page,
        total=len(entries),
        **_words(found),
    )


def _asked() -> dict[str, Any]:
    """Return the parts of this address that ask for a view, and none that are not ours."""
    return dict(asked.view_of(request.args, asked.choices(db.session)).asked())


def _found(first: date, last: date) -> Found:
    """Return the entries of the view asked for that have something from the day `first` to `last`."""
    now = clock.now()
    known = asked.choices(db.session)
    view = asked.view_of(request.args, known)
    since, until = days.moments_of(first, last)
    entries = briefs(db.session, view.filters, since=since, until=until)
    if view.state is not None:
        entries = [entry for entry in entries if rules.state(entry, now) is view.state]
    return Found(view, known, entries, now)


def _words(found: Found) -> dict[str, object]:
    return {
        "state_of": {entry.id: rules.state(entry, found.now) for entry in found.entries},
        "days_open": days.days_open,
        "feedback_day": days.feedback_day,
        "HAPPENS": HAPPENS,
        "today": in_london(found.now).date(),
        **view_words(found.view, found.known),
    }


def _day(on: date | None, by_day: dict[date, list[Happening[Brief]]]) -> Day | None:
    if on is None:
        return None
    found = by_day.get(on, [])
    # One more than fits costs no more room than saying that there is one more.
    shown = found if len(found) <= IN_A_DAY + 1 else found[:IN_A_DAY]
    return Day(on, shown, len(found) - len(shown))


def _page(entries: list[Brief]) -> Part[Brief]:
    """Return the page of `entries` that is asked for."""
    return part(entries, request.args.get("page", type=int), PER_PAGE)


def _if_known(first: date) -> date | None:
    return first if first.year in YEARS else None
