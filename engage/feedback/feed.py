"""What was fed back, as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from engage.feedback.labels import OUTCOMES
from engage.feedback.queries import Happened
from engage.foundations.addresses import address_of
from engage.foundations.language import _
from engage.timetable.feeds.atom import (
    FEEDS,
    PER_PAGE,
    moment_of,
    put_author,
    put_link,
    put_text,
    qualified,
)

ATOM_TYPE = "application/atom+xml; charset=utf-8"
KEPT_FOR = 300
NAME = "what-happened"


def document(happened: Sequence[Happened], *, authority: str, language: str, modified: datetime) -> bytes:
    """Return the feed of the latest feedback, last first; `modified` is for a feed with nothing in it."""
    told = happened[:PER_PAGE]
    feed = Element(qualified("feed"), {"xml:lang": language})
    put_text(feed, "id", uuid5(FEEDS, NAME).urn)
    put_text(feed, "title", _("What happened: what was said, what was decided and why"))
    put_text(feed, "updated", moment_of(max((one.published_at for one in told), default=modified)))
    put_author(feed, authority)
    put_link(feed, "self", address_of("feedback.feed"), "application/atom+xml")
    put_link(feed, "alternate", address_of("feedback.index"), "text/html")
    for one in told:
        _entry(feed, one)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Element, one: Happened) -> None:
    entry = SubElement(feed, qualified("entry"))
    put_text(entry, "id", uuid5(FEEDS, f"{NAME}/{one.slug}").urn)
    put_text(entry, "title", _("What came of “%(title)s”", title=one.title))
    put_text(entry, "updated", moment_of(one.published_at))
    put_text(entry, "published", moment_of(one.published_at))
    put_link(entry, "alternate", address_of("feedback.show", slug=one.slug), "text/html")
    counts = ((OUTCOMES[outcome].name, count) for outcome, count in one.outcomes.items() if count)
    put_text(entry, "summary", "; ".join(f"{name}: {count}" for name, count in counts) or one.title)
