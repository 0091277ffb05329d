"""Subscriptions, to read: batches of any size in the same number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engage.timetable.models import Subscription, SubscriptionWish
from engage.timetable.rules import Topic, WishKind
from engage.timetable.subscriptions.rules import Mail, Wishes


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told: where, and how far they have been told."""

    id: UUID
    address: str
    told_until: datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many have confirmed: in all, by what they are sent, with no wish of a kind, and by each wish.

    Topics are counted of those who get the news: the newsletter has none.
    """

    readers: int
    news: int
    newsletter: int
    all_areas: int
    all_topics: int
    by_area: Mapping[str, int]
    by_topic: Mapping[str, int]


def find(session: Session, subscription_id: UUID) -> Subscription | None:
    """Return the subscription, or None where it was stopped or has run out."""
    return session.scalars(select(Subscription).where(Subscription.id == subscription_id)).one_or_none()


def kinds_of(subscription: Subscription) -> frozenset[Mail]:
    """Return what somebody gets, or will once they confirm."""
    wanted = {Mail.NEWS: subscription.wants_news, Mail.NEWSLETTER: subscription.newsletter}
    return frozenset(kind for kind, wants in wanted.items() if wants)


def wishes_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Wishes]:
    """Return the wishes of each of the subscriptions, in one query."""
    rows = session.execute(
        select(SubscriptionWish.subscription_id, SubscriptionWish.kind, SubscriptionWish.code)
        .where(SubscriptionWish.subscription_id.in_(ids))
        .order_by(SubscriptionWish.subscription_id, SubscriptionWish.kind, SubscriptionWish.code)
    )
    areas: dict[UUID, set[str]] = {}
    topics: dict[UUID, set[Topic]] = {}
    for id, kind, code in rows:
        if kind is WishKind.AREA:
            areas.setdefault(id, set()).add(code)
        elif code in set(Topic):
            topics.setdefault(id, set()).add(Topic(code))
    return {id: Wishes(frozenset(areas.get(id, ())), frozenset(topics.get(id, ()))) for id in ids}


def next_readers(session: Session, *, after: UUID | None, until: datetime, limit: int) -> list[Reader]:
    """Return the next who want the news, have confirmed and were not told up to `until`, by their ids."""
    chosen = (
        select(Subscription.id, Subscription.address, Subscription.told_until)
        .where(Subscription.confirmed_at.is_not(None), Subscription.wants_news.is_(True))
        .where(Subscription.told_until < until)
        .order_by(Subscription.id)
        .limit(limit)
    )
    if after is not None:
        chosen = chosen.where(Subscription.id > after)
    return [Reader(*row) for row in session.execute(chosen)]


def numbers(session: Session) -> Numbers:
    """Return how many have confirmed, by what they wish."""
    confirmed = Subscription.confirmed_at.is_not(None)
    get_news = confirmed & Subscription.wants_news.is_(True)
    return Numbers(
        readers=_count(session, confirmed),
        news=_count(session, get_news),
        newsletter=_count(session, confirmed & Subscription.newsletter.is_(True)),
        all_areas=_without(session, confirmed, WishKind.AREA),
        all_topics=_without(session, get_news, WishKind.TOPIC),
        by_area=_by_code(session, confirmed, WishKind.AREA),
        by_topic=_by_code(session, get_news, WishKind.TOPIC),
    )


def _count(session: Session, chosen: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count(Subscription.id)).where(chosen)).one()


def _without(session: Session, among: ColumnElement[bool], kind: WishKind) -> int:
    having = select(SubscriptionWish.subscription_id).where(SubscriptionWish.kind == kind)
    return _count(session, among & Subscription.id.not_in(having))


def _by_code(session: Session, among: ColumnElement[bool], kind: WishKind) -> dict[str, int]:
    rows = session.execute(
        select(SubscriptionWish.code, func.count())
        .join(Subscription, Subscription.id == SubscriptionWish.subscription_id)
        .where(among, SubscriptionWish.kind == kind)
        .group_by(SubscriptionWish.code)
        .order_by(SubscriptionWish.code)
    )
    return dict(iter(rows))
