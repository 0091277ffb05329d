"""The news of a view of the timetable as an Atom feed (RFC 4287), paged as RFC 5005 says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from engage.foundations.language import _
from engage.timetable.feeds.reading import Head, entry_address, plain
from engage.timetable.labels import NEWS, TOPICS
from engage.timetable.marks import UNMARKED, Marks
from engage.timetable.news import News
from engage.timetable.rules import NewsKind

ATOM = "http://www.w3.org/2005/Atom"
PER_PAGE = 50
# Names of feeds are made from this and from what they show, so that they outlive a move to another host.
FEEDS = UUID("6f0d7f0e-6c4d-5d5a-9a0e-3b1f3f7a2f11")

register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Pages:
    """The addresses of the pages before and after this one, and of the first."""

    first: str
    previous: str | None
    next: str | None


def document(
    head: Head,
    asked: Mapping[str, str],
    told: Sequence[News],
    *,
    marks: Mapping[int, Marks],
    pages: Pages,
    show: str,
) -> bytes:
    """Return the Atom document of `told`, last first; `show` is what an entry's name is put after."""
    feed = Element(qualified("feed"), {"xml:lang": head.language})
    put_text(feed, "id", feed_id(asked))
    put_text(feed, "title", head.title)
    put_text(feed, "updated", moment_of(max([news.at for news in told], default=head.modified)))
    put_author(feed, head.authority)
    put_link(feed, "self", head.itself, "application/atom+xml")
    put_link(feed, "alternate", head.page, "text/html")
    for relation, address in (("first", pages.first), ("previous", pages.previous), ("next", pages.next)):
        if address is not None:
            put_link(feed, relation, address, "application/atom+xml")
    for news in told:
        _entry(feed, news, marks.get(news.entry.id, UNMARKED), entry_address(show, news.entry))
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def feed_id(asked: Mapping[str, str]) -> str:
    """Return the name for good of the feed of a view, whatever the host and the page."""
    return uuid5(FEEDS, urlencode(sorted(asked.items()))).urn


def news_id(news: News) -> str:
    """Return the name for good of a piece of news."""
    return uuid5(news.entry.uid, f"news-{news.id}").urn


def _entry(feed: Element, news: News, marks: Marks, address: str) -> None:
    entry = SubElement(feed, qualified("entry"))
    put_text(entry, "id", news_id(news))
    put_text(entry, "title", _("%(what)s: %(title)s", what=NEWS[news.kind], title=news.entry.title))
    put_text(entry, "updated", moment_of(news.at))
    put_text(entry, "published", moment_of(news.at))
    put_author(entry, news.entry.organisation)
    put_link(entry, "alternate", address, "text/html")
    for topic in marks.topics:
        SubElement(entry, qualified("category"), {"term": topic.value, "label": plain(TOPICS[topic])})
    put_text(entry, "summary", _said(news))


def _said(news: News) -> str:
    """Return what was said of it, or else what the entry is for."""
    reason = news.entry.cancelled_reason if news.kind is NewsKind.CANCELLED else ""
    return news.said or reason or news.entry.purpose or news.entry.title


def put_author(parent: Element, name: str) -> None:
    """Put into `parent` whose it is."""
    put_text(SubElement(parent, qualified("author")), "name", name)


def put_text(parent: Element, name: str, text: object) -> None:
    """Put a text into `parent`, without what XML cannot hold."""
    SubElement(parent, qualified(name)).text = plain(text)


def put_link(parent: Element, relation: str, address: str, kind: str) -> None:
    """Put a link into `parent`."""
    SubElement(parent, qualified("link"), {"rel": relation, "type": kind, "href": address})


def moment_of(at: datetime) -> str:
    """Return a moment as feeds write it (RFC 3339, in UTC)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def qualified(name: str) -> str:
    """Return an element's name in the namespace of Atom."""
    return f"{{{ATOM}}}{name}"
