"""The calendar as a program sees it that keeps what it has read, and asks again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import icalendar
import pytest
import vobject
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.timetable.feeds.ical import uid_of
from engage.timetable.models import Entry
from engage.timetable.queries import details_of
from engage.timetable.service import add_entry, update_entry
from engage.timetable.steps.service import cancel, publish
from tests.factories.timetable import BEFORE, entry_details, make_entry
from tests.fixtures.client import PageClient

LATER = BEFORE + timedelta(hours=1)
LAST = BEFORE + timedelta(hours=2)


@pytest.fixture(autouse=True)
def before() -> Iterator[None]:
    with clock.stopped_at(BEFORE):
        yield


class Keeper:
    """A calendar program: it keeps events by their names, and takes newer ones for older."""

    def __init__(self, client: PageClient, address: str = "/timetable/feed.ics") -> None:
        self.client, self.address = client, address
        self.kept: dict[str, icalendar.Event] = {}
        self.etag = ""

    def ask(self) -> int:
        """Ask for news as programs do; return the status of the answer."""
        answer = self.client.get(self.address, headers={"If-None-Match": self.etag} if self.etag else {})
        if answer.status_code == 304:
            assert answer.data == b""
            return 304
        self.etag = answer.headers["ETag"]
        vobject.readOne(answer.get_data(as_text=True)).validate(raiseException=True)
        sent = {str(each["UID"]): each for each in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")}
        for uid, event in sent.items():
            if uid not in self.kept or self._version(event) > self._version(self.kept[uid]):
                self.kept[uid] = event
        self.kept = {uid: event for uid, event in self.kept.items() if uid in sent}
        return answer.status_code

    def titles(self, status: str = "CONFIRMED") -> list[str]:
        return sorted(str(each["SUMMARY"]) for each in self.kept.values() if each["STATUS"] == status)

    @staticmethod
    def _version(event: icalendar.Event) -> tuple[int, str]:
        return int(event["SEQUENCE"]), event["DTSTAMP"].to_ical().decode()


def test_what_changes_and_is_cancelled_reaches_who_keeps_events_by_their_names(
    session: Session, client: PageClient
) -> None:
    actor = "officer"
    plain = entry_details(decision_due_on=None, feedback_due_on=None, notice_given_on=None)
    changing = add_entry(session, actor=actor, now=BEFORE, details=replace(plain, title="Changing"))
    add_entry(session, actor=actor, now=BEFORE, details=replace(plain, title="Staying"))
    draft = add_entry(
        session, actor=actor, now=BEFORE, details=replace(plain, title="Draft"), published=False
    )
    session.commit()
    keeper = Keeper(client)
    assert (keeper.ask(), keeper.titles()) == (200, ["Changing", "Staying"])
    assert keeper.ask() == 304

    moved = replace(details_of(changing), title="Changed", closes_at=changing.closes_at + timedelta(days=7))
    update_entry(session, actor=actor, now=LATER, entry_id=changing.id, details=moved)
    publish(session, actor=actor, now=LATER, entry_id=draft.id)
    session.commit()
    with clock.stopped_at(LATER):
        assert (keeper.ask(), keeper.titles()) == (200, ["Changed", "Draft", "Staying"])
    event = keeper.kept[uid_of(changing.uid)]
    assert event["SEQUENCE"] == 1
    assert event["DTEND"].to_ical() == b"20271008"

    cancel(session, actor=actor, now=LAST, entry_id=changing.id, reason="The law has changed.")
    session.commit()
    with clock.stopped_at(LAST):
        assert (keeper.ask(), keeper.titles()) == (200, ["Draft", "Staying"])
        assert keeper.titles("CANCELLED") == ["Cancelled: Changed"]
        assert keeper.ask() == 304
    event = keeper.kept[uid_of(changing.uid)]
    assert event["SEQUENCE"] == 2
    assert "The law has changed." in str(event["DESCRIPTION"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("feed", ["feed.ics", "feed.atom", "feed.json"])
def test_a_feed_is_sent_again_only_when_it_has_changed(
    session: Session, client: PageClient, feed: str
) -> None:
    entry = make_entry(session)
    session.commit()
    address = f"/timetable/{feed}?words=policing"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(address, headers=since).status_code == 304
    # It leaves the view: what tells is a change of the timetable, not of what is left in the view.
    update_entry(
        session, actor="officer", now=BEFORE, entry_id=entry.id,
        details=replace(details_of(entry), title="Other", purpose="", organisation="Somebody"),
    )  # fmt: skip
    session.commit()
    assert client.get(address, headers=since).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_entry_that_opens_by_its_dates_alone_changes_a_feed_that_asks_for_what_is_open(
    session: Session, client: PageClient
) -> None:
    entry = make_entry(session, run_here=False)
    session.commit()
    address = "/timetable/feed.ics?state=open"
    first = client.get(address)
    assert b"BEGIN:VEVENT" not in first.data
    with clock.stopped_at(entry.opens_at):
        since = {"If-Modified-Since": first.headers["Last-Modified"]}
        then = client.get(address, headers=since)
        assert b"BEGIN:VEVENT" in then.data
        assert then.headers["Last-Modified"] == format_datetime(entry.opens_at, usegmt=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_dates_of_one_entry_can_be_put_into_a_calendar(session: Session, client: PageClient) -> None:
    entry = make_entry(session, slug="one")
    make_entry(session, title="Another")
    session.commit()
    answer = client.get("/timetable/one/calendar.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="one.ics"'
    assert answer.mimetype == "text/calendar"
    found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert len(found) == 3
    assert str(found[0]["UID"]) == str(session.get_one(Entry, entry.id).uid)
    assert b"Another" not in answer.data


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_follows_what_is_coming_hears_of_its_cancellation(session: Session, client: PageClient) -> None:
    entry = add_entry(session, actor="officer", now=BEFORE, details=entry_details(notice_given_on=None))
    make_entry(session, title="Over", opened_at=BEFORE, closed_at=BEFORE)
    session.commit()
    keeper = Keeper(client, "/timetable/feed.ics?state=forthcoming")
    keeper.ask()
    assert uid_of(entry.uid) in keeper.kept
    cancel(session, actor="officer", now=LATER, entry_id=entry.id, reason="The law has changed.")
    session.commit()
    with clock.stopped_at(LATER):
        keeper.ask()
        assert "The law has changed." in client.get("/timetable/feed.atom?state=forthcoming").text
        assert client.get("/timetable/feed.json?state=forthcoming").json["entries"] == []
    assert {str(event["STATUS"]) for event in keeper.kept.values()} == {"CANCELLED"}
    assert "Over" not in str(keeper.titles())
