"""Mail, to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from engage.foundations.jobs import JobState
from engage.outbox.models import BouncedAddress, Mailing, OutboxMessage
from engage.outbox.rendering import subject_of
from engage.outbox.rules import PRIVATE

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the list shows it."""

    id: int
    subject: str
    recipient: str
    state: JobState
    attempts: int
    not_before: datetime
    done_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list; `number` counts pages from 1, `total` messages."""

    lines: list[Line]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Bounced:
    """Since when nothing is sent to an address, and the status (RFC 3463) with which mail came back."""

    since: datetime
    status: str


def find_mailing(session: Session, key: str) -> Mailing | None:
    """Return the text that is kept under `key`, None where there is none yet."""
    return session.scalars(select(Mailing).where(Mailing.key == key)).one_or_none()


def bounced(session: Session, addresses: Collection[str]) -> Mapping[str, Bounced]:
    """Return which of `addresses` take no mail any more, each written as it was asked for."""
    wanted = {address.lower(): address for address in addresses}
    rows = session.execute(
        select(BouncedAddress.address, BouncedAddress.since, BouncedAddress.status).where(
            BouncedAddress.address.in_(wanted)
        )
    )
    return {wanted[address]: Bounced(since, status) for address, since, status in rows}


def list_bounced(session: Session) -> list[tuple[str, Bounced]]:
    """Return every address that takes no mail any more, the latest first."""
    rows = session.execute(
        select(BouncedAddress.address, BouncedAddress.since, BouncedAddress.status).order_by(
            BouncedAddress.since.desc(), BouncedAddress.address
        )
    )
    return [(address, Bounced(since, status)) for address, since, status in rows]


def list_messages(session: Session, *, page: int, state: JobState | None = None) -> Listing:
    """Return a page of messages, the newest first, without private ones; beyond the last is the last."""
    counting = select(func.count(OutboxMessage.id)).where(_shown())
    rows = select(OutboxMessage).options(joinedload(OutboxMessage.mailing)).where(_shown())
    if state is not None:
        counting = counting.where(OutboxMessage.state == state)
        rows = rows.where(OutboxMessage.state == state)
    total = session.scalar(counting) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(page, 1), pages)
    rows = rows.order_by(OutboxMessage.id.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Listing([_line(row) for row in session.scalars(rows)], number, pages, total)


def count_states(session: Session) -> dict[JobState, int]:
    """Return how many messages stand in each state."""
    return _counts(session, None)


def tally_states(session: Session, mailing_id: int) -> dict[JobState, int]:
    """Return how many messages of one mailing stand in each state."""
    return _counts(session, mailing_id)


def get_message(session: Session, message_id: int) -> OutboxMessage:
    """Return a message with its mailing; raises `NoResultFound`, also for a private one."""
    rows = (
        select(OutboxMessage)
        .options(joinedload(OutboxMessage.mailing))
        .where(OutboxMessage.id == message_id, _shown())
        .execution_options(populate_existing=True)
    )
    return session.scalars(rows).one()


def _counts(session: Session, mailing_id: int | None) -> dict[JobState, int]:
    rows = select(OutboxMessage.state, func.count()).where(_shown()).group_by(OutboxMessage.state)
    if mailing_id is not None:
        rows = rows.where(OutboxMessage.mailing_id == mailing_id)
    counts = dict(session.execute(rows).all())
    return {state: counts.get(state, 0) for state in JobState}


def _shown() -> ColumnElement[bool]:
    """Return what holds of messages that officers may read."""
    private = select(Mailing.id).where(Mailing.key.startswith(PRIVATE, autoescape=True))
    return OutboxMessage.mailing_id.not_in(private)


def _line(row: OutboxMessage) -> Line:
    return Line(
        id=row.id,
        subject=subject_of(row.mailing.subject, row.personal),
        recipient=row.recipient,
        state=row.state,
        attempts=row.attempts,
        not_before=row.not_before,
        done_at=row.done_at,
        last_error=row.last_error,
    )
