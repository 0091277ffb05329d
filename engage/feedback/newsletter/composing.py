"""What an issue says: it composes itself from what happened in its time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engage.feedback.models import Newsletter
from engage.feedback.newsletter import queries
from engage.feedback.newsletter.queries import Progressed
from engage.feedback.newsletter.rules import Section, section_of
from engage.feedback.newsletter.then import entries_then
from engage.feedback.queries import happened
from engage.foundations.addresses import address_of
from engage.plan_export.rules import Outcome
from engage.timetable.cards import Card, card
from engage.timetable.news import News, news
from engage.timetable.queries import Listed


@dataclass(frozen=True, slots=True)
class Item:
    """An entry in an issue: what happened to it, first things first, and what was decided and done.

    Its `title` and `organisation` are as they were when the issue was sent; the `card` is as it is now.
    """

    title: str
    organisation: str
    card: Card
    page: str
    news: tuple[News, ...]
    progress: tuple[Progressed, ...]
    outcomes: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What an issue says of a borough, or with None of all London; only sections with something in them."""

    code: str | None
    name: str | None
    sections: tuple[tuple[Section, tuple[Item, ...]], ...]


def compose(session: Session, issue: Newsletter, now: datetime) -> tuple[Part, ...]:
    """Return the parts of an issue, London's first and then the boroughs' by name.

    What was sent stays: later changes, news and progress are not in it. Only where people can answer is said
    as it is `now`. The same number of queries however much there is.
    """
    told: dict[int, list[News]] = defaultdict(list)
    for one in news(session, issue.since, issue.until):
        told[one.entry.id].append(one)
    progress = queries.progressed(session, issue.since, issue.until)
    fed_back = {
        one.slug: one.outcomes for one in happened(session) if issue.since < one.published_at <= issue.until
    }
    found: dict[tuple[str | None, str | None], dict[Section, list[Item]]] = {}
    for entry, today in entries_then(session, issue.sent_at or now):
        if not _public(entry, issue.until):
            continue
        several, moved = told.get(entry.id, []), progress.get(entry.slug, ())
        section = section_of(
            entry, happened={one.kind for one in several}, progressed=bool(moved), until=issue.until
        )
        if section is not None:
            came = fed_back.get(entry.slug) if section is Section.CAME else None
            item = _item(entry, card(today, now), several, moved, came)
            found.setdefault((entry.area_code, entry.area_name), {}).setdefault(section, []).append(item)
    places = sorted(found, key=lambda place: (place[0] is not None, place[1] or ""))
    return tuple(Part(*place, _sections(found[place])) for place in places)


def _public(entry: Listed, until: datetime) -> bool:
    return entry.published_at is not None and entry.published_at <= until


def _item(
    entry: Listed,
    card: Card,
    several: list[News],
    moved: tuple[Progressed, ...],
    came: dict[Outcome, int] | None,
) -> Item:
    told_of_decisions = came is not None or moved
    page = address_of("feedback.show" if told_of_decisions else "timetable.show", slug=entry.slug)
    outcomes = tuple((outcome, count) for outcome, count in (came or {}).items() if count)
    return Item(entry.title, entry.organisation, card, page, tuple(several), moved, outcomes)


def _sections(found: dict[Section, list[Item]]) -> tuple[tuple[Section, tuple[Item, ...]], ...]:
    return tuple((section, tuple(found[section])) for section in Section if section in found)
