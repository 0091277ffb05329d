"""Promising mail inside a transaction; it leaves afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations import jobs
from engage.foundations.addresses import own_host
from engage.foundations.database import is_sqlite
from engage.foundations.inserts import insert_new
from engage.foundations.jobs import JobState
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox.addresses import domain_of
from engage.outbox.models import Mailing, OutboxMessage
from engage.outbox.rules import LONGEST_SUBJECT, paced

# Rows are changed where they lie: a worker's session holds none of them.
AS_IT_STANDS = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Promise:
    """One message of a mailing. The same `key` is the same message, however often it is promised."""

    key: str
    recipient: str
    personal: Mapping[str, str]

    @classmethod
    def to(cls, address: str, *, key: str, personal: Mapping[str, str]) -> Promise:
        """Return the message to one address of those of `key`; its own key tells which without saying it."""
        return cls(f"{key}:{hashlib.sha256(address.encode()).hexdigest()[:24]}", address, personal)


def add_mailing(
    session: Session, *, key: str, subject: str, text_body: str, html_body: str | None, now: datetime
) -> Mailing:
    """Keep a text for many people and return it; where `key` has one already, that one stands.

    A subject of more than `LONGEST_SUBJECT` characters is cut.
    """
    row = {
        "key": key,
        "subject": subject[:LONGEST_SUBJECT],
        "text_body": text_body,
        "html_body": html_body,
        "created_at": now,
    }
    insert_new(session, Mailing, [row], conflict=("key",))
    return session.scalars(select(Mailing).where(Mailing.key == key)).one()


def promise(
    session: Session, *, mailing: Mailing, messages: Sequence[Promise], now: datetime, per_minute: int = 0
) -> dict[str, int]:
    """Promise `messages` with the transaction, and return each key's message id.

    Of this mailing at most `per_minute` become due for one domain (0: no limit), after those that wait.

    A key that was promised before keeps its message as it was. The Message-ID follows from the key, so that
    every copy of a message that ever leaves is known to be the same.
    """
    host = own_host()
    waiting = OutboxMessage.mailing_id == mailing.id
    recipients = [message.recipient for message in messages]
    moments = paced_moments(session, recipients, behind=waiting, now=now, per_minute=per_minute)
    rows = [
        {
            "mailing_id": mailing.id,
            "key": message.key,
            "recipient": message.recipient,
            "personal": dict(message.personal),
            "message_id": message_id_of(message.key, host),
            "not_before": moment,
        }
        for message, moment in zip(messages, moments, strict=True)
    ]
    insert_new(session, OutboxMessage, rows, conflict=("key",))
    keys = [message.key for message in messages]
    found = select(OutboxMessage.key, OutboxMessage.id).where(OutboxMessage.key.in_(keys))
    return dict(session.execute(found).all())


def paced_moments(
    session: Session,
    recipients: Sequence[str],
    *,
    behind: ColumnElement[bool],
    now: datetime,
    per_minute: int,
) -> list[datetime]:
    """Return when each message may leave, `per_minute` for one domain (0: no limit), in one query.

    They come after the messages `behind` which they queue.
    """
    last = _last_waiting(session, behind, now) if per_minute else {}
    domains = [domain_of(recipient) for recipient in recipients]
    return paced(domains, now=now, per_minute=per_minute, last=last)


def queue_again(session: Session, *, actor: str, message_id: int, now: datetime) -> None:
    """Give a dead message all its attempts again; refuse any other."""
    if not jobs.revive(session, OutboxMessage, id=message_id, at=now):
        raise Refused(lazy("Only a message that was given up can be queued again."))
    audit.record(session, actor=actor, action="message.queued_again", subject=f"message:{message_id}", at=now)


def forget(session: Session, *, prefix: str) -> None:
    """Delete the messages of mailings whose key begins with `prefix` that have left or were given up."""
    session.execute(delete(OutboxMessage).where(_settled(prefix)), execution_options=AS_IT_STANDS)


def forget_secrets(session: Session, *, prefix: str, now: datetime, keep: timedelta) -> None:
    """Empty such messages of what was in them, and delete them `keep` later.

    Until then a report that one came back still finds its address.
    """
    settled = _settled(prefix)
    full = OutboxMessage.personal != {}
    session.execute(
        update(OutboxMessage).where(settled, full).values(personal={}), execution_options=AS_IT_STANDS
    )
    # One that was given up has no moment; its last attempt was about when it was due.
    left = func.coalesce(OutboxMessage.done_at, OutboxMessage.not_before) < now - keep
    session.execute(delete(OutboxMessage).where(settled, left), execution_options=AS_IT_STANDS)


def take_back(session: Session, *, keys: str | Sequence[str], waiting_only: bool = True) -> None:
    """Delete messages by their keys, or by how their keys begin; of those that wait only, unless told."""
    chosen = (
        OutboxMessage.key.startswith(keys, autoescape=True)
        if isinstance(keys, str)
        else OutboxMessage.key.in_(keys)
    )
    states = [JobState.QUEUED] if waiting_only else list(JobState)
    session.execute(
        delete(OutboxMessage).where(chosen, OutboxMessage.state.in_(states)), execution_options=AS_IT_STANDS
    )


def forget_recipients(session: Session, *, before: datetime, limit: int = 10_000) -> int:
    """Empty messages that left, or were given up, before a moment of whom they went to; return how many.

    At most `limit` at once, the first first. The rows stay with their keys, so that nothing is promised and
    sent a second time.
    """
    left = func.coalesce(OutboxMessage.done_at, OutboxMessage.not_before) < before
    settled = OutboxMessage.state.in_([JobState.DONE, JobState.DEAD]) & (OutboxMessage.not_before < before)
    old = select(OutboxMessage.id).where(settled, left, OutboxMessage.recipient != "")
    chosen = OutboxMessage.id.in_(old.order_by(OutboxMessage.id).limit(limit))
    emptied = update(OutboxMessage).where(chosen).values(recipient="", personal={}, bounce_reason=None)
    rows = session.scalars(emptied.returning(OutboxMessage.id), execution_options=AS_IT_STANDS)
    return len(rows.all())


def give_up(session: Session, *, endings: Sequence[str], reason: str) -> None:
    """End the messages that wait and whose keys end so, for `reason`; their rows stay, for whoever counts.

    A worker that holds one finds its fence broken: it may have left, and nothing else is done about it.
    """
    chosen = or_(*(OutboxMessage.key.endswith(ending, autoescape=True) for ending in endings))
    waiting = chosen & (OutboxMessage.state == JobState.QUEUED)
    given_up = {
        "state": JobState.DEAD,
        "lease_until": None,
        "last_error": reason,
        "fence": OutboxMessage.fence + 1,
    }
    session.execute(update(OutboxMessage).where(waiting).values(given_up), execution_options=AS_IT_STANDS)


def drop(session: Session, *, prefix: str, waiting_only: bool = True) -> None:
    """Delete the messages of mailings whose key begins with `prefix`; those that wait only, unless told."""
    states = [JobState.QUEUED] if waiting_only else list(JobState)
    chosen = of_mailings(prefix) & OutboxMessage.state.in_(states)
    session.execute(delete(OutboxMessage).where(chosen), execution_options=AS_IT_STANDS)


def message_id_of(key: str, host: str) -> str:
    """Return the Message-ID of the message `key` from `host`; the key cannot be read from it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def of_mailings(prefix: str) -> ColumnElement[bool]:
    """Choose the messages of mailings whose key begins with `prefix`."""
    return OutboxMessage.mailing_id.in_(_mailings(prefix))


def _settled(prefix: str) -> ColumnElement[bool]:
    return of_mailings(prefix) & (OutboxMessage.state != JobState.QUEUED)


def _mailings(prefix: str) -> Select[int]:
    return select(Mailing.id).where(Mailing.key.startswith(prefix, autoescape=True))


def _last_waiting(session: Session, chosen: ColumnElement[bool], now: datetime) -> dict[str, datetime]:
    """Return when the last of the chosen messages that wait leaves, by the domain it goes to.

    One that is tried again waits for its own sake, however long, and holds up no other.
    """
    at = (func.instr if is_sqlite(session) else func.strpos)(OutboxMessage.recipient, "@")
    domain = func.substr(OutboxMessage.recipient, at + 1)
    waiting = (
        select(domain, func.max(OutboxMessage.not_before))
        .where(chosen, OutboxMessage.state == JobState.QUEUED, OutboxMessage.attempts == 0)
        .where(OutboxMessage.not_before >= now)
        .group_by(domain)
    )
    return dict(session.execute(waiting).all())
