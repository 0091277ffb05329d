"""The Atom feed, read by a news reader and against what RFC 4287 demands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.timetable.marks import Marks, set_marks
from engage.timetable.models import EntryNews
from engage.timetable.news import latest, news, tell
from engage.timetable.queries import Filters
from engage.timetable.rules import NewsKind, Topic
from tests.factories.boroughs import make_area
from tests.factories.timetable import AFTER, BEFORE, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient

ADDRESS = "/timetable/feed.atom"
HOSTILE = "<b>x</b> ]]> & \"'\x00\x0b\u2028\ufffe </title>"
A = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(AFTER):
        yield


def read(client: PageClient, address: str = ADDRESS) -> Any:
    """Return the feed as a news reader has it, having checked it against the standard."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    assert broken(fromstring(answer.data)) == []
    found = feedparser.parse(answer.data)
    assert found.bozo == 0
    return found


def broken(feed: Element) -> list[str]:
    """Return which demands of RFC 4287, sections 4.1 and 4.2, the document does not keep."""
    wrong = [] if feed.tag == f"{A}feed" else ["the root is no feed"]
    entries = feed.findall(f"{A}entry")
    if len({entry.findtext(f"{A}id") for entry in entries}) != len(entries):
        wrong.append("two entries of one id")
    if [link.get("rel") for link in feed.findall(f"{A}link")].count("self") != 1:
        wrong.append("not one link to itself")
    for each in (feed, *entries):
        wrong += [*_parts(each), *_links(each)]
        if each.find(f"{A}author") is None and feed.find(f"{A}author") is None:
            wrong.append("no author")
    return wrong


def _parts(each: Element) -> Iterator[str]:
    for name in ("id", "title", "updated"):
        found = each.findall(f"{A}{name}")
        if len(found) != 1 or not found[0].text:
            yield f"not one {name}"
    for at in (*each.findall(f"{A}updated"), *each.findall(f"{A}published")):
        if not RFC3339.fullmatch(at.text or ""):
            yield f"no moment: {at.text}"
    if not re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each.findtext(f"{A}id") or ""):
        yield "the id is no address for good"
    if not all(author.findtext(f"{A}name") for author in each.findall(f"{A}author")):
        yield "an author without a name"
    if not all(category.get("term") for category in each.findall(f"{A}category")):
        yield "a category without a term"


def _links(each: Element) -> Iterator[str]:
    links = each.findall(f"{A}link")
    if not all(link.get("href") for link in links):
        yield "a link without an address"
    alternates = [
        (link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"
    ]
    if len(set(alternates)) != len(alternates):
        yield "two alternates of one type and language"
    if not alternates and each.find(f"{A}content") is None:
        yield "neither content nor alternate"


def test_each_event_is_an_entry_last_first_with_what_was_said(session: Session, client: PageClient) -> None:
    make_area(session)
    entry = make_entry(session, slug="one", area_code="E09000007", organisation="Safer Camden")
    set_marks(session, entry.id, Marks(topics=(Topic.CUSTODY,)))
    tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=BEFORE)
    tell(session, entry_id=entry.id, kind=NewsKind.OPENED, at=OPENS)
    tell(session, entry_id=entry.id, kind=NewsKind.EXTENDED, at=DURING, said="More people asked to.")
    hidden = make_entry(session, title="Hidden", published_at=None)
    tell(session, entry_id=hidden.id, kind=NewsKind.CHANGED, at=DURING)
    session.commit()
    found = read(client)
    assert [each.title for each in found.entries] == [
        "More time to answer: Policing priorities",
        "Opened: Policing priorities",
        "Announced: Policing priorities",
    ]
    first = found.entries[0]
    assert first.summary == "More people asked to."
    assert (first.author, first.updated) == ("Safer Camden", "2027-08-02T12:00:00Z")
    assert first.link == "http://localhost/timetable/one"
    assert [tag.term for tag in first.tags] == ["custody"]
    assert found.feed.updated == first.updated
    assert {link.rel: link.href for link in found.feed.links}["self"] == f"http://localhost{ADDRESS}"


@ON_SQLITE
def test_a_feed_keeps_its_name_in_a_view_and_has_another_in_another(
    session: Session, client: PageClient
) -> None:
    entry = make_entry(session)
    tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=BEFORE)
    session.commit()
    views = [
        "?words=policing&level=consultation",
        "?level=consultation&words=policing",
        "?words=policing",
        "",
    ]
    names = [read(client, ADDRESS + view).feed.id for view in views]
    assert names[0] == names[1]
    assert len(set(names)) == 3
    # An event is the same event in whichever feed it is read.
    assert len({read(client, ADDRESS + view).entries[0].id for view in views}) == 1


@ON_SQLITE
def test_a_feed_without_news_is_whole(client: PageClient) -> None:
    found = read(client, f"{ADDRESS}?state=cancelled&words=nothing")
    assert found.entries == []
    assert found.feed.updated


@ON_SQLITE
def test_a_long_feed_is_read_page_by_page_without_gap_or_repetition(
    session: Session, client: PageClient
) -> None:
    entry = make_entry(session, opened_at=OPENS)
    # Many at one moment: their order must hold all the same.
    moments = [BEFORE + timedelta(hours=number // 40) for number in range(120)]
    rows = [
        {"entry_id": entry.id, "kind": NewsKind.CHANGED, "at": at, "said": str(number)}
        for number, at in enumerate(moments)
    ]
    session.execute(insert(EntryNews), rows)
    session.commit()
    address, told = f"{ADDRESS}?state=closed&words=policing", []
    while address:
        found = read(client, address)
        told += [int(each.summary) for each in found.entries]
        links = {link.rel: link.href for link in found.feed.links}
        address = links.get("next", "").removeprefix("http://localhost")
        assert "state=closed" in links["first"]
    assert told == list(range(119, -1, -1))


@ON_SQLITE
def test_whatever_somebody_wrote_is_text_in_the_feed(session: Session, client: PageClient) -> None:
    entry = make_entry(session, title=HOSTILE.replace("\x00", ""), organisation="<&>")
    tell(session, entry_id=entry.id, kind=NewsKind.POSTPONED, at=BEFORE, said=HOSTILE.replace("\x00", ""))
    session.commit()
    assert read(client, f"{ADDRESS}?words=%3Cb%3E%01%FF").entries == []
    root = fromstring(client.get(f"{ADDRESS}?words=%3Cb%3E").data)
    assert broken(root) == []
    [told] = root.findall(f"{A}entry")
    assert (told.findtext(f"{A}title") or "").startswith("Postponed: <b>x</b> ]]> & \"'")
    assert told.find(f"{A}title/*") is None
    assert read(client).entries[0].author == "<&>"


def test_news_between_two_moments_are_read_once(session: Session) -> None:
    make_area(session)
    camden = make_entry(session, title="Camden", area_code="E09000007")
    london = make_entry(session, title="London")
    draft = make_entry(session, title="Draft", published_at=None)
    for entry, at in ((camden, BEFORE), (london, DURING), (draft, DURING), (camden, AFTER)):
        tell(session, entry_id=entry.id, kind=NewsKind.CHANGED, at=at)
    set_marks(session, camden.id, Marks(topics=(Topic.CUSTODY,)))

    def told(since: datetime, until: datetime, **filters: Any) -> list[str]:
        return [each.entry.title for each in news(session, since, until, Filters(**filters))]

    assert told(BEFORE - timedelta(1), BEFORE) == ["Camden"]
    assert told(BEFORE, AFTER) == ["London", "Camden"]
    assert told(AFTER, AFTER + timedelta(1)) == []
    assert told(BEFORE, AFTER, topic=Topic.CUSTODY) == ["Camden"]
    assert [each.at for each in latest(session, limit=2)] == [AFTER, DURING]
