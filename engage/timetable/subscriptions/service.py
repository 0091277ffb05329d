"""Asking for mail, confirming it, changing what one gets, stopping it, and being told the news."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engage.foundations.inserts import insert_new
from engage.foundations.refusals import Refused
from engage.outbox import service as outbox
from engage.outbox.addresses import tidy_address
from engage.outbox.assorted import Wording, promise_assorted
from engage.outbox.service import Promise
from engage.timetable import news
from engage.timetable.marks import marks_of
from engage.timetable.models import Subscription, SubscriptionWish
from engage.timetable.news import News
from engage.timetable.rules import WishKind
from engage.timetable.subscriptions import mails, queries
from engage.timetable.subscriptions.queries import Reader
from engage.timetable.subscriptions.rules import CONFIRM_WITHIN, NEITHER, Mail, Wishes, wanted

BATCH = 500
# Whoever is asked for again and again is written to once in an hour.
AN_HOUR = 3600
A_DAY = timedelta(days=1)


def ask(session: Session, *, address: str, kinds: Collection[Mail], wishes: Wishes, now: datetime) -> None:
    """Write to an address whether it wants these mails; nothing more is sent until it says so.

    An address that gets any already is told so, and everything stays as it is. Raises `Refused` where it
    cannot be an address, and where nothing is asked for.
    """
    address = tidy_address(address)
    _refuse_nothing(kinds)
    row = {"id": uuid4(), "address": address, "asked_at": now, "told_until": now}
    insert_new(session, Subscription, [row], conflict=("address",))
    found = session.scalars(
        select(Subscription).where(Subscription.address == address).with_for_update()
    ).one()
    hour = int(now.timestamp()) // AN_HOUR
    key = f"{mails.ASKING}{found.id.hex}:{hour}"
    if found.confirmed_at is None:
        found.asked_at = now
        _set_kinds(session, found, kinds)
        _write_wishes(session, found.id, wishes)
        confirm = {"confirm_url": mails.confirm_address(found.id, now + CONFIRM_WITHIN)}
        _mail(session, mails.confirming(kinds), Promise(key, address, confirm), now)
    else:
        own = Promise(key, address, mails.own_addresses(found.id, None))
        _mail(session, mails.known_already(queries.kinds_of(found)), own, now)


def confirm(session: Session, *, subscription_id: UUID, now: datetime) -> bool:
    """Begin to write to somebody, from now on; again changes nothing. False where it has run out."""
    found = queries.find(session, subscription_id)
    if found is None:
        return False
    if found.confirmed_at is None:
        found.confirmed_at = found.told_until = now
        session.flush()
    return True


def change(
    session: Session, *, subscription_id: UUID, kinds: Collection[Mail], wishes: Wishes, now: datetime
) -> bool:
    """Set what somebody gets. False where they get nothing any more; raises `Refused` for nothing at all."""
    _refuse_nothing(kinds)
    found = _held(session, subscription_id)
    if found is None:
        return False
    if Mail.NEWS in kinds and not found.wants_news:
        # What happened while they did not want to hear of it is old by now.
        found.told_until = now
    _set_kinds(session, found, kinds)
    _write_wishes(session, subscription_id, wishes)
    return True


def stop(session: Session, *, subscription_id: UUID, kind: Mail | None = None) -> frozenset[Mail]:
    """Send somebody one kind of mail no more, or with None nothing; return what they still get.

    Whoever gets nothing any more is forgotten: their wishes, their address, and every message to them, sent
    or not. Again changes nothing.
    """
    found = _held(session, subscription_id)
    left = queries.kinds_of(found) - {kind} if found is not None and kind is not None else frozenset()
    if found is not None and left:
        _set_kinds(session, found, left)
        return left
    outbox.take_back(session, keys=mails.keys_of(subscription_id), waiting_only=False)
    outbox.take_back(session, keys=f"{mails.ASKING}{subscription_id.hex}:", waiting_only=False)
    _delete(session, [subscription_id])
    return left


def forget_unconfirmed(session: Session, now: datetime) -> None:
    """Delete what nobody has confirmed in time."""
    late = select(Subscription.id).where(
        Subscription.confirmed_at.is_(None), Subscription.asked_at <= now - CONFIRM_WITHIN
    )
    if ids := session.scalars(late.order_by(Subscription.id)).all():
        _delete(session, ids)


def tell(
    session: Session,
    *,
    day: date,
    until: datetime,
    after: UUID | None,
    now: datetime,
    per_minute: int = 0,
) -> UUID | None:
    """Write to the next batch of readers what is new to them up to `until`.

    Return the last of them, None where there was nobody left. Nobody has two messages for a day, and no
    domain more than `per_minute` of them (0: no limit).
    """
    readers = queries.next_readers(session, after=after, until=until, limit=BATCH)
    if not readers:
        return None
    ids = [reader.id for reader in readers]
    prefix = f"{mails.NEWS_OF}{day.isoformat()}:"
    digests = _digests(session, readers, day, until, now)
    promise_assorted(session, prefix=prefix, messages=digests, now=now, per_minute=per_minute)
    told = update(Subscription).where(Subscription.id.in_(ids)).values(told_until=until)
    session.execute(told, execution_options={"synchronize_session": False})
    return ids[-1]


def forget_sent(session: Session, *, day: date) -> None:
    """Delete the messages of a day with their addresses."""
    outbox.forget(session, prefix=f"{mails.NEWS_OF}{day.isoformat()}:")


def _digests(
    session: Session, readers: list[Reader], day: date, until: datetime, now: datetime
) -> dict[Wording, list[Promise]]:
    """Return each text with those who get it; most readers want the same, so there are few texts."""
    happened = news.news(session, min(reader.told_until for reader in readers), until)
    if not happened:
        return {}
    marks = marks_of(session, {one.entry.id for one in happened})
    wishes = queries.wishes_of(session, [reader.id for reader in readers])
    by_news: dict[tuple[int, ...], list[Reader]] = {}
    for reader in readers:
        own = wishes[reader.id]
        heard = tuple(
            one.id
            for one in happened
            if one.at > reader.told_until and wanted(own, one.entry.area_code, marks[one.entry.id].topics)
        )
        if heard:
            by_news.setdefault(heard, []).append(reader)
    return {_text(happened, ids, now): _promises(several, day) for ids, several in by_news.items()}


def _text(happened: list[News], ids: tuple[int, ...], now: datetime) -> Wording:
    chosen = set(ids)
    return mails.digest([one for one in happened if one.id in chosen], now)


def _promises(readers: list[Reader], day: date) -> list[Promise]:
    return [
        Promise(mails.message_key(reader.id, day), reader.address, mails.own_addresses(reader.id, Mail.NEWS))
        for reader in readers
    ]


def _mail(session: Session, wording: Wording, message: Promise, now: datetime) -> None:
    promise_assorted(session, prefix=mails.ASKING, messages={wording: [message]}, now=now)


def _held(session: Session, id: UUID) -> Subscription | None:
    chosen = select(Subscription).where(Subscription.id == id).with_for_update()
    return session.scalars(chosen).one_or_none()


def _refuse_nothing(kinds: Collection[Mail]) -> None:
    if not kinds:
        raise Refused(NEITHER, "kinds")


def _set_kinds(session: Session, found: Subscription, kinds: Collection[Mail]) -> None:
    """Keep what somebody gets, and take back what waits of the rest."""
    for kind in queries.kinds_of(found) - set(kinds):
        outbox.take_back(session, keys=mails.keys_of(found.id, kind))
    found.wants_news, found.newsletter = Mail.NEWS in kinds, Mail.NEWSLETTER in kinds
    session.flush()


def _write_wishes(session: Session, id: UUID, wishes: Wishes) -> None:
    session.execute(delete(SubscriptionWish).where(SubscriptionWish.subscription_id == id))
    rows = [
        *({"subscription_id": id, "kind": WishKind.AREA, "code": code} for code in sorted(wishes.areas)),
        *({"subscription_id": id, "kind": WishKind.TOPIC, "code": str(one)} for one in sorted(wishes.topics)),
    ]
    insert_new(session, SubscriptionWish, rows, conflict=("subscription_id", "kind", "code"))


def _delete(session: Session, ids: Collection[UUID]) -> None:
    for table, column in (
        (SubscriptionWish, SubscriptionWish.subscription_id),
        (Subscription, Subscription.id),
    ):
        session.execute(
            delete(table).where(column.in_(ids)), execution_options={"synchronize_session": False}
        )
