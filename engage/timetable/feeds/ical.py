"""A view of the timetable as a calendar (RFC 5545, with the refreshing and naming of RFC 7986).

Each entry is an event for as long as it can be answered, and two of a day for decision and feedback. The
events' names never change, so that a calendar program changes or strikes out what it has. Long stretches are
days by London's calendar; shorter ones are moments in UTC, which every program shows in its own time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

from icalendar import Calendar, Event, Timezone, vDuration, vText

from engage.foundations.clock import LONDON
from engage.foundations.language import _, day_or_moment, moment
from engage.timetable.cards import web_link
from engage.timetable.days import HAPPENS, What, days_open, feedback_day, stretch
from engage.timetable.feeds.reading import Feed, Item, changed, plain
from engage.timetable.labels import LEVELS, TOPICS
from engage.timetable.queries import Listed
from engage.timetable.rules import A_DAY, EntryState, closing_said

PRODUCT = "-//engage//timetable//EN"
REFRESH = timedelta(hours=6)
# Writing an entry takes a millisecond, and every view is made of the same ones.
KEPT = 4096
END = b"END:VCALENDAR\r\n"


def calendar(feed: Feed) -> bytes:
    """Return the calendar of `feed`, with CRLF and folded lines."""
    book = Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        # Said to be text: the library escapes only what it knows to be.
        book.add(name, vText(plain(feed.head.title)))
    book.add("x-wr-timezone", LONDON.key)
    book.add("url", feed.head.page)
    book.add("source", feed.head.itself, parameters={"VALUE": "URI"})
    book.add("last-modified", feed.head.modified)
    book.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", vDuration(REFRESH))
    if not feed.items:
        # A calendar must hold something, and of an empty view there is only London's clock to say.
        book.add_component(Timezone.from_tzid(LONDON.key))
    begun = bytes(book.to_ical()).removesuffix(END)
    return b"".join([begun, *(_written(item, feed.head.language) for item in feed.items), END])


def uid_of(uid: UUID, what: What | None = None) -> str:
    """Return the name that an entry's event has in calendars for good; of one of its days, with `what`."""
    return str(uid if what is None else uuid5(uid, what.value))


@lru_cache(maxsize=KEPT)
def _written(item: Item, language: str) -> bytes:
    """Return the events of `item`, their words in `language`, which is that of the request."""
    return b"".join(event.to_ical() for event in _events(item))


def _events(item: Item) -> Iterator[Event]:
    entry, said = item.entry, _description(item)
    yield _event(item, uid_of(entry.uid), entry.title, said, *when(entry))
    for what, on in ((What.DECISION, entry.decision_due_on), (What.FEEDBACK, feedback_day(entry))):
        if on is not None:
            title = _("%(what)s: %(title)s", what=HAPPENS[what], title=entry.title)
            yield _event(item, uid_of(entry.uid, what), title, said, on, on + A_DAY)


def when(entry: Listed) -> tuple[date, date] | tuple[datetime, datetime]:
    """Return the first day and the day after the last, or, within one day, the two moments in UTC."""
    first, last = days_open(entry)
    if first == last:
        begins, ends = stretch(entry)
        return begins.astimezone(UTC), ends.astimezone(UTC)
    return first, last + A_DAY


def _event(item: Item, uid: str, title: str, said: str, begins: date, ends: date) -> Event:
    entry = item.entry
    cancelled = item.state is EntryState.CANCELLED
    event = Event()
    event.add("uid", uid)
    event.add("sequence", entry.number_of_changes)
    event.add("dtstamp", changed(entry))
    event.add("last-modified", changed(entry))
    if entry.published_at is not None:
        event.add("created", entry.published_at)
    event.add("summary", plain(_("Cancelled: %(title)s", title=title) if cancelled else title))
    event.add("description", said)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("location", plain(entry.area_name or _("All of London")))
    event.add("url", item.address)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PUBLIC")
    if item.marks.topics:
        event.add("categories", [str(TOPICS[topic]) for topic in item.marks.topics])
    return event


def _description(item: Item) -> str:
    return plain("\n\n".join(part for part in _parts(item) if part))


def _parts(item: Item) -> Iterator[str]:
    entry = item.entry
    begins, ends = stretch(entry)
    if item.state is EntryState.CANCELLED:
        yield _("Cancelled: %(reason)s", reason=entry.cancelled_reason)
    yield f"{LEVELS[entry.level].name}: {entry.organisation}"
    yield _("Opens: %(begins)s. Last day to answer: %(ends)s.", begins=moment(begins), ends=_until(ends))
    yield entry.purpose
    if entry.how_to_take_part:
        yield _("How to take part: %(how)s", how=entry.how_to_take_part)
    web = web_link(entry.web_address)
    yield web.href if web and not entry.run_here else ""
    yield item.address


def _until(ends: datetime) -> str:
    """Return a closing as people say it: the last day, or the moment where it is no midnight."""
    return day_or_moment(closing_said(ends))
