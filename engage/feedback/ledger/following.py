"""The ledger follows what becomes of its messages, by a few statements however many rows there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from engage.feedback.ledger import motion, rules
from engage.feedback.ledger.others import Change, write_down
from engage.feedback.ledger.rules import FAILED, REACHED, WAITING, MailFact
from engage.feedback.models import Delivery
from engage.feedback.rules import BY_MAIL, DeliveryState, Route
from engage.foundations.jobs import JobState
from engage.outbox.models import Mailing, OutboxMessage
from engage.responses.models import Contact


def follow(session: Session, now: datetime, among: Collection[int] | None = None) -> None:
    """Write down what became of the messages since; after that they may be deleted.

    Of the feedback `among` these ids, or of all that may still change. Twice is as good as once. What a
    coordinator has confirmed stays.
    """
    feedback_ids = [id for id in motion.followed(session, now) if among is None or id in among]
    if not feedback_ids:
        return
    # First: a message that was stopped because its owner unsubscribed has not failed.
    _follow_losses(session, feedback_ids, now)
    for matches, values in _moves(now):
        session.execute(
            update(Delivery)
            .where(Delivery.feedback_id.in_(feedback_ids), Delivery.message_id == OutboxMessage.id)
            .where(Delivery.route != Route.CASCADE, matches)
            .values(attempts=OutboxMessage.attempts, **values),
            execution_options={"synchronize_session": False},
        )
    _follow_groups(session, feedback_ids, now)


def _moves(now: datetime) -> Iterator[tuple[ColumnElement[bool], Mapping[str, Any]]]:
    """Yield which rows move, by their messages, and what they become."""
    message, state = OutboxMessage, Delivery.state
    # Whoever took it says so, which is more than that it left; a failure that is told later undoes it.
    arrived = message.delivered_at.is_not(None) & message.bounced_at.is_(None)
    came_back = message.bounced_at.is_not(None) & (message.state != JobState.QUEUED)
    yield (
        and_(message.state == JobState.DONE, message.bounced_at.is_(None), state.not_in(REACHED)),
        {"state": DeliveryState.SENT, "settled_at": message.done_at, "reason": ""},
    )
    yield (
        and_(arrived, state != DeliveryState.DELIVERED),
        {"state": DeliveryState.DELIVERED, "settled_at": message.delivered_at, "reason": ""},
    )
    yield (
        and_(came_back, state != DeliveryState.BOUNCED),
        {
            "state": DeliveryState.BOUNCED,
            "settled_at": message.bounced_at,
            "reason": _first(message.bounce_reason, message.bounce_status),
        },
    )
    yield (
        and_(
            message.state == JobState.DEAD,
            message.bounced_at.is_(None),
            message.delivered_at.is_(None),
            state != DeliveryState.UNDELIVERABLE,
        ),
        {
            "state": DeliveryState.UNDELIVERABLE,
            "settled_at": now,
            "reason": _first(message.last_error),
        },
    )
    again = or_(
        state.in_(FAILED), (state == DeliveryState.QUEUED) & (func.coalesce(message.last_error, "") != "")
    )
    yield (
        and_(message.state == JobState.QUEUED, ~arrived, again, Delivery.reason != rules.UNSUBSCRIBED),
        {"state": DeliveryState.RETRIED, "settled_at": None, "reason": ""},
    )


def _first(*texts: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """Return the first of `texts` that says something."""
    return func.coalesce(*(func.nullif(text, "") for text in texts), rules.GIVEN_UP)


def _follow_losses(session: Session, feedback_ids: Sequence[int], now: datetime) -> None:
    """Settle what waits for nothing: its owner wants no mail, or its message was deleted."""
    waits = Delivery.feedback_id.in_(feedback_ids) & Delivery.state.in_(WAITING)
    by_mail = waits & Delivery.route.in_(BY_MAIL)
    unwanted = Delivery.contact_id.in_(select(Contact.id).where(Contact.unsubscribed_on.is_not(None)))
    for lost, reason in (
        (by_mail & unwanted, rules.UNSUBSCRIBED),
        (by_mail & Delivery.message_id.is_(None), rules.WITHDRAWN),
    ):
        session.execute(
            update(Delivery)
            .where(lost)
            .values(state=DeliveryState.UNDELIVERABLE, settled_at=now, reason=reason),
            execution_options={"synchronize_session": False},
        )


def _follow_groups(session: Session, feedback_ids: Sequence[int], now: datetime) -> None:
    """Follow the rows of groups, each of which may have several messages."""
    mails = _mails(session, feedback_ids)
    rows = select(
        Delivery.id, Delivery.feedback_id, Delivery.group_id, Delivery.state, Delivery.queued_at
    ).where(
        Delivery.feedback_id.in_(feedback_ids),
        Delivery.route == Route.CASCADE,
        Delivery.queued_at.is_not(None),
        Delivery.state != DeliveryState.CONFIRMED,
    )
    changes = []
    for delivery_id, feedback_id, group_id, state, queued_at in session.execute(rows.order_by(Delivery.id)):
        facts = mails.get((feedback_id, group_id or 0))
        if not facts:
            continue
        fate = rules.fate_of_group(facts, now)
        if fate.state is not state:
            changes.append(
                Change(delivery_id, fate.state, fate.attempts, queued_at, fate.settled_at, fate.reason)
            )
    write_down(session, changes)


def _mails(session: Session, feedback_ids: Sequence[int]) -> Mapping[tuple[int, int], list[MailFact]]:
    """Return what is known of the messages to each group, by feedback and group."""
    keys = [motion.cascade_key(feedback_id) for feedback_id in feedback_ids]
    rows = (
        select(OutboxMessage)
        .join(Mailing, Mailing.id == OutboxMessage.mailing_id)
        .where(Mailing.key.in_(keys))
        .order_by(OutboxMessage.id)
        .execution_options(populate_existing=True)
    )
    found: dict[tuple[int, int], list[MailFact]] = {}
    for message in session.scalars(rows):
        _, feedback_id, _, group_id, _ = message.key.split(":")
        fact = MailFact(
            state=message.state,
            attempts=message.attempts,
            done_at=message.done_at,
            error=message.last_error or "",
            bounced_at=message.bounced_at,
            bounce_reason=message.bounce_reason or message.bounce_status or "",
            delivered_at=message.delivered_at,
        )
        found.setdefault((int(feedback_id), int(group_id)), []).append(fact)
    return found
