"""What has happened to published entries: told once, read by pages, feeds and mails."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engage.timetable import queries
from engage.timetable.models import Entry, EntryNews
from engage.timetable.queries import EVERYTHING, Filters, Listed
from engage.timetable.rules import NewsKind


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to `entry`, which is as it stands now. `said` may be empty."""

    id: int
    kind: NewsKind
    at: datetime
    said: str
    entry: Listed


def tell(session: Session, *, entry_id: int, kind: NewsKind, at: datetime, said: str = "") -> EntryNews:
    """Keep that this happened to the entry, for everybody to read while the entry is public."""
    told = EntryNews(entry_id=entry_id, kind=kind, at=at, said=said.strip())
    session.add(told)
    session.flush()
    return told


def news(session: Session, since: datetime, until: datetime, filters: Filters = EVERYTHING) -> list[News]:
    """Return what happened after `since` and up to `until` to the public entries that pass `filters`.

    First things first. A later call with this `until` as its `since` neither repeats nor misses any.
    """
    statement = _told(filters).where(EntryNews.at > since, EntryNews.at <= until)
    return _read(session, statement.order_by(EntryNews.at, EntryNews.id))


def latest(
    session: Session,
    filters: Filters = EVERYTHING,
    *,
    among: Collection[int] | None = None,
    limit: int,
    offset: int = 0,
) -> list[News]:
    """Return the latest news of public entries that pass `filters`, and are `among` those ids; last first."""
    statement = _told(filters, among).order_by(EntryNews.at.desc(), EntryNews.id.desc())
    return _read(session, statement.limit(limit).offset(offset))


def count(session: Session, filters: Filters = EVERYTHING, *, among: Collection[int] | None = None) -> int:
    """Return how many pieces of news `latest` has to go through."""
    counted = _told(filters, among).with_only_columns(func.count(EntryNews.id), maintain_column_froms=True)
    return session.scalars(counted).one()


def news_of(session: Session, entry_id: int) -> list[EntryNews]:
    """Return what happened to one entry, last first."""
    statement = select(EntryNews).where(EntryNews.entry_id == entry_id)
    return list(session.scalars(statement.order_by(EntryNews.at.desc(), EntryNews.id.desc())))


def _told(filters: Filters, among: Collection[int] | None = None) -> Select[Entry, str, EntryNews]:
    statement = queries.published(filters).add_columns(EntryNews)
    statement = statement.join(EntryNews, EntryNews.entry_id == Entry.id)
    if among is not None:
        statement = statement.where(Entry.id.in_(among))
    return statement


def _read(session: Session, statement: Select[Entry, str, EntryNews]) -> list[News]:
    return [
        News(told.id, told.kind, told.at, told.said, queries.listed(entry, area_name))
        for entry, area_name, told in session.execute(statement)
    ]
