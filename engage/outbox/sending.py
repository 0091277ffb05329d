"""Sending what is due: claim a batch, hand each message over, and mark a few at a time as done.

A worker killed between the server's answer and that commit sends those few again after the lease, with the
same Message-IDs; their rows count the attempts, and are done once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from functools import partial

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations import clock, jobs
from engage.foundations.database import transaction
from engage.outbox import bounces
from engage.outbox.models import Mailing, OutboxMessage
from engage.outbox.pipelining import nothing
from engage.outbox.rendering import Letter, render
from engage.outbox.rules import Pace
from engage.outbox.transports import Deferred, Envelope, Rejected, Transport, Unreachable

log = structlog.get_logger("engage.outbox")

CAME_BACK = "Not sent: mail to this address came back before ({})"


@dataclass
class Batch:
    """What became of a batch; a message in none of the counts went back untried.

    `rest` is how long no mail can leave, where whoever takes it said so.
    """

    claimed: int
    sent: int = 0
    deferred: int = 0
    rejected: int = 0
    reachable: bool = True
    rest: timedelta | None = None


def send_batch(
    session: Session,
    transport: Transport,
    *,
    sender: Address,
    pace: Pace,
    stopping: Callable[[], bool],
    returns_to: Address | None = None,
) -> Batch:
    """Claim one batch and send it, and tell what became of it.

    Nothing goes to an address that takes no more. `returns_to` is where reports of what did not arrive are
    sent, each to an address of its own; None: to the sender. Once the transport cannot be reached, time runs
    short or `stopping()` says so, the rest goes back untried.
    """
    with transaction(session):
        rows = jobs.claim(session, OutboxMessage, at=clock.now(), limit=pace.batch, lease=pace.lease)
        mailings = _mailings(session, rows)
        closed = bounces.closed(session, [row.recipient for row in rows])
    batch = Batch(claimed=len(rows))
    waiting = list(reversed(rows))
    left = _Left(session, pace)
    ready = _Ready(
        lambda row: envelope_of(row, mailings[row.mailing_id], sender, at=clock.now(), returns_to=returns_to)
    )
    try:
        with transport:
            while waiting and batch.reachable and not stopping() and _has_time(waiting[-1], pace):
                row = waiting.pop()
                if status := closed.get(row.recipient.lower()):
                    batch.rejected += 1
                    _put_back(session, row, CAME_BACK.format(status), pace, 0)
                    continue
                meanwhile = partial(ready.make, waiting[-1]) if waiting else nothing
                if not _send(session, transport, row, ready, meanwhile, pace, batch, left):
                    waiting.append(row)
    finally:
        left.write_down()
    with transaction(session):
        for row in waiting:
            jobs.give_back(session, OutboxMessage, id=row.id, fence=row.fence)
    return batch


class _Ready:
    """Messages written out: the next one while the server takes in the one before it."""

    def __init__(self, write: Callable[[OutboxMessage], Envelope]) -> None:
        self._write = write
        self._made: dict[int, Envelope | ValueError] = {}

    def make(self, row: OutboxMessage) -> None:
        """Write a message out, or keep why that cannot be done until it is its turn."""
        try:
            self._made[row.id] = self._write(row)
        except ValueError as error:
            self._made[row.id] = error

    def take(self, row: OutboxMessage) -> Envelope:
        """Return a message, written out before or now; raises `ValueError`."""
        if row.id not in self._made:
            self.make(row)
        made = self._made.pop(row.id)
        if isinstance(made, ValueError):
            raise made
        return made


class _Left:
    """What the server has taken and no row says yet; never more than the pace allows."""

    def __init__(self, session: Session, pace: Pace) -> None:
        self._session = session
        self._pace = pace
        self._held: list[tuple[int, int]] = []
        self._since: list[datetime] = []

    def add(self, row: OutboxMessage) -> None:
        """Note that a message was taken."""
        now = clock.now()
        self._held.append((row.id, row.fence))
        self._since.append(now)
        if self._pace.must_note(self._since, now):
            self.write_down()

    def write_down(self) -> None:
        """Mark all of them done, in one commit."""
        if not self._held:
            return
        with transaction(self._session):
            jobs.finish_all(self._session, OutboxMessage, held=self._held, at=clock.now())
        self._held.clear()
        self._since.clear()


def _send(
    session: Session,
    transport: Transport,
    row: OutboxMessage,
    ready: _Ready,
    meanwhile: Callable[[], None],
    pace: Pace,
    batch: Batch,
    left: _Left,
) -> bool:
    """Send one message and note what became of it; False where it was not tried."""
    try:
        transport.send(ready.take(row), meanwhile)
    except Unreachable as error:
        batch.reachable, batch.rest = False, error.rest
        log.warning("mail.unreachable", reason=str(error))
        return False
    except Deferred as error:
        batch.deferred += 1
        _put_back(session, row, str(error), pace, pace.most_attempts)
    except (Rejected, ValueError) as error:
        batch.rejected += 1
        _put_back(session, row, str(error), pace, 0)
    else:
        batch.sent += 1
        left.add(row)
    return True


def envelope_of(
    row: OutboxMessage,
    mailing: Mailing,
    sender: Address,
    *,
    at: datetime,
    returns_to: Address | None = None,
) -> Envelope:
    """Return a message as it leaves at a moment; raises `ValueError` where its address cannot be written."""
    letter = Letter(
        subject=mailing.subject,
        text_body=mailing.text_body,
        html_body=mailing.html_body,
        recipient=row.recipient,
        personal=row.personal,
        message_id=row.message_id,
    )
    content = render(letter, sender=sender, at=at)
    back = bounces.return_address(returns_to, row) if returns_to else sender.addr_spec
    # Not the attempts: a claim that was given back counts as none, and may yet have been handed over.
    return Envelope(back, row.recipient, row.message_id, content, letter, tried=row.fence > 1)


def _put_back(session: Session, row: OutboxMessage, reason: str, pace: Pace, most_attempts: int) -> None:
    # The reason stays in the database: servers like to repeat the address in it, and logs hold none.
    log.info("mail.not_sent", message=row.id, attempts=row.attempts, final=row.attempts >= most_attempts)
    with transaction(session):
        jobs.fail(
            session,
            OutboxMessage,
            id=row.id,
            fence=row.fence,
            at=clock.now(),
            error=reason,
            most_attempts=most_attempts,
            backoff=pace.backoff,
        )
        if not most_attempts:
            bounces.note_refusal(session, message=row, reply=reason, now=clock.now())


def _mailings(session: Session, rows: Sequence[OutboxMessage]) -> dict[int, Mailing]:
    ids = {row.mailing_id for row in rows}
    found = session.scalars(select(Mailing).where(Mailing.id.in_(ids)).order_by(Mailing.id))
    return {mailing.id: mailing for mailing in found}


def _has_time(row: OutboxMessage, pace: Pace) -> bool:
    return row.lease_until is not None and pace.has_time(row.lease_until, clock.now())
