"""Calendars: what other programs read in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest
import vobject
from flask import Flask

from engage.foundations.language import init_language
from engage.timetable.days import What
from engage.timetable.feeds.ical import calendar, uid_of
from engage.timetable.feeds.reading import Feed, Head, Item
from engage.timetable.marks import UNMARKED, Marks
from engage.timetable.rules import EntryState, Topic
from tests.factories.desks import listed
from tests.factories.timetable import DURING, OPENS, PUBLISHED

UID = UUID("0d4d3c6e-7f1b-4a5f-8c1e-111111111111")
NAMES = {uid_of(UID), uid_of(UID, What.DECISION), uid_of(UID, What.FEEDBACK)}
HOSTILE = (
    'a\r\nBEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT\nx;y,z\\n: "quoted" \x00\x07\x0b\x0c\x85\u2028'
    "END:VCALENDAR \ufffe \U0001f6a8 " + "é" * 200
)


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Words and days need an application's language, and nothing else of it."""
    app = Flask("calendars")
    init_language(app)
    with app.app_context():
        yield


def feed(*items: Item, title: str = "Timetable") -> Feed:
    head = Head("Authority", "en-GB", title, "https://e.example/feed.ics", "https://e.example/", PUBLISHED)
    return Feed(head, items, (), ())


def item(state: EntryState = EntryState.OPEN, marks: Marks = UNMARKED, **overrides: Any) -> Item:
    entry = listed(**({"uid": UID, "opened_at": OPENS} | overrides))
    return Item(entry, marks, state, f"https://e.example/timetable/{entry.slug}")


def events(book: bytes) -> dict[str, icalendar.Event]:
    """Return the events by their name, having read the calendar with both libraries."""
    vobject.readOne(book.decode()).validate(raiseException=True)
    found = icalendar.Calendar.from_ical(book).walk("VEVENT")
    assert not [event.errors for event in found if event.errors]
    return {str(event["UID"]): event for event in found}


def test_an_entry_is_its_stretch_and_the_days_of_decision_and_feedback() -> None:
    found = events(calendar(feed(item())))
    spans = {
        str(event["SUMMARY"]): (event.decoded("DTSTART"), event.decoded("DTEND")) for event in found.values()
    }
    assert spans == {
        "Policing priorities": (date(2027, 7, 5), date(2027, 10, 1)),
        "Decision: Policing priorities": (date(2027, 11, 18), date(2027, 11, 19)),
        "Feedback: Policing priorities": (date(2027, 12, 16), date(2027, 12, 17)),
    }
    assert len(found) == 3


def test_names_of_events_stay_whatever_else_changes() -> None:
    before = events(calendar(feed(item())))
    moved = item(title="Another", opens_at=OPENS + timedelta(days=3), number_of_changes=4)
    after = events(calendar(feed(moved)))
    assert before.keys() == after.keys() == NAMES
    assert {event["SEQUENCE"] for event in before.values()} == {0}
    assert {event["SEQUENCE"] for event in after.values()} == {4}


@pytest.mark.parametrize(
    ("opens", "closes", "begins", "ends"),
    [
        # The hour that London skips, and the one it has twice.
        ("2027-03-28T00:30Z", "2027-03-28T03:00Z", "20270328T003000Z", "20270328T030000Z"),
        ("2027-10-31T00:30Z", "2027-10-31T01:30Z", "20271031T003000Z", "20271031T013000Z"),
        # A summer's night: the same day in UTC, two days in London.
        ("2027-07-05T22:00Z", "2027-07-05T23:30Z", "20270705", "20270707"),
        # One summer's day in London, from nine to midnight.
        ("2027-07-05T08:00Z", "2027-07-05T23:00Z", "20270705T080000Z", "20270705T230000Z"),
    ],
)
def test_one_day_is_told_by_the_clock_and_more_by_londons_days(
    opens: str, closes: str, begins: str, ends: str
) -> None:
    between = {"opens_at": datetime.fromisoformat(opens), "closes_at": datetime.fromisoformat(closes)}
    told = item(opened_at=None, decision_due_on=None, feedback_due_on=None, **between)
    [event] = events(calendar(feed(told))).values()
    assert (event["DTSTART"].to_ical().decode(), event["DTEND"].to_ical().decode()) == (begins, ends)


def test_what_is_cancelled_stays_and_says_so_with_its_reason() -> None:
    cancelled = item(EntryState.CANCELLED, cancelled_at=DURING, cancelled_reason="No money, sadly.")
    found = events(calendar(feed(cancelled)))
    assert found.keys() == NAMES
    assert {str(event["STATUS"]) for event in found.values()} == {"CANCELLED"}
    assert str(found[uid_of(UID)]["SUMMARY"]) == "Cancelled: Policing priorities"
    assert "No money, sadly." in str(found[uid_of(UID)]["DESCRIPTION"])
    assert found[uid_of(UID)].decoded("DTSTAMP") == DURING


def test_whatever_somebody_wrote_stays_inside_its_own_line() -> None:
    said = ("title", "purpose", "how_to_take_part", "area_name", "organisation")
    book = calendar(feed(item(**dict.fromkeys(said, HOSTILE)), title=HOSTILE))
    found = events(book)
    assert found.keys() == NAMES
    assert book.count(b"\r\nBEGIN:VEVENT\r\n") == 3
    assert book.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    title = str(found[uid_of(UID)]["SUMMARY"])
    assert 'x;y,z\\n: "quoted"' in title
    assert title.endswith("é" * 200)
    assert not set(title) & set("\x00\x07\x0b\x0c\x85\u2028\ufffe\r")


def test_lines_end_and_fold_as_the_standard_wants() -> None:
    book = calendar(feed(item(title=HOSTILE, purpose="x" * 5000)))
    assert b"\n" not in book.replace(b"\r\n", b"")
    assert max(len(line) for line in book.split(b"\r\n")) <= 75


def test_a_calendar_says_whose_it_is_and_how_often_to_look() -> None:
    book = icalendar.Calendar.from_ical(calendar(feed(item(), title="Timetable: Camden")))
    assert book["METHOD"] == "PUBLISH"
    assert book["X-WR-CALNAME"] == book["NAME"] == "Timetable: Camden"
    assert book["REFRESH-INTERVAL"].to_ical() == b"PT6H"
    assert book["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert book["SOURCE"] == "https://e.example/feed.ics"


def test_an_empty_view_is_a_valid_calendar_without_events() -> None:
    book = calendar(feed())
    assert events(book) == {}
    assert len(icalendar.Calendar.from_ical(book).subcomponents) == 1


def test_topics_are_categories_and_long_stretches_keep_nobody_busy() -> None:
    marked = item(marks=Marks(topics=(Topic.CUSTODY, Topic.BUDGET)))
    event = events(calendar(feed(marked)))[uid_of(UID)]
    topics = [str(each) for each in event["CATEGORIES"].cats]
    assert topics == ["People in police custody", "What policing costs"]
    assert event["TRANSP"] == "TRANSPARENT"
