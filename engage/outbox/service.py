"""Promising mail inside a transaction; it leaves afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations import jobs
from engage.foundations.addresses import own_host
from engage.foundations.inserts import insert_new
from engage.foundations.jobs import JobState
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox.models import Mailing, OutboxMessage


@dataclass(frozen=True, slots=True)
class Promise:
    """One message of a mailing. The same `key` is the same message, however often it is promised."""

    key: str
    recipient: str
    personal: Mapping[str, str]


def add_mailing(
    session: Session, *, key: str, subject: str, text_body: str, html_body: str | None, now: datetime
) -> Mailing:
    """Keep a text for many people and return it; where `key` has one already, that one stands."""
    row = {
        "key": key,
        "subject": subject,
        "text_body": text_body,
        "html_body": html_body,
        "created_at": now,
    }
    insert_new(session, Mailing, [row], conflict=("key",))
    return session.scalars(select(Mailing).where(Mailing.key == key)).one()


def promise(
    session: Session, *, mailing: Mailing, messages: Sequence[Promise], now: datetime
) -> dict[str, int]:
    """Promise `messages` with the transaction, and return each key's message id.

    A key that was promised before keeps its message as it was. The Message-ID follows from the key, so that
    every copy of a message that ever leaves is known to be the same.
    """
    host = own_host()
    rows = [
        {
            "mailing_id": mailing.id,
            "key": message.key,
            "recipient": message.recipient,
            "personal": dict(message.personal),
            "message_id": message_id_of(message.key, host),
            "not_before": now,
        }
        for message in messages
    ]
    insert_new(session, OutboxMessage, rows, conflict=("key",))
    keys = [message.key for message in messages]
    found = select(OutboxMessage.key, OutboxMessage.id).where(OutboxMessage.key.in_(keys))
    return dict(session.execute(found).all())


def queue_again(session: Session, *, actor: str, message_id: int, now: datetime) -> None:
    """Give a dead message all its attempts again; refuse any other."""
    if not jobs.revive(session, OutboxMessage, id=message_id, at=now):
        raise Refused(lazy("Only a message that was given up can be queued again."))
    audit.record(session, actor=actor, action="message.queued_again", subject=f"message:{message_id}", at=now)


def forget(session: Session, *, prefix: str) -> None:
    """Delete the messages of mailings whose key begins with `prefix` that have left or were given up."""
    mailings = select(Mailing.id).where(Mailing.key.startswith(prefix, autoescape=True))
    settled = OutboxMessage.mailing_id.in_(mailings) & (OutboxMessage.state != JobState.QUEUED)
    session.execute(delete(OutboxMessage).where(settled), execution_options={"synchronize_session": False})


def message_id_of(key: str, host: str) -> str:
    """Return the Message-ID of the message `key` from `host`; the key cannot be read from it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"
