"""Which ledgers still change, found without going through them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.models import Feedback
from engage.feedback.rules import Route
from engage.foundations.jobs import JobState
from engage.outbox.models import Mailing, OutboxMessage

# Mail that came back is reported within days; after this long the ledger is as it is.
FOLLOWED = timedelta(days=30)
# How long after a message was due its ledger is looked at every minute; after that now and then.
LATELY = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


def unsettled(session: Session, among: Collection[int]) -> list[int]:
    """Return which of these ids are of feedback in the ledger and not known to have come to everybody."""
    statement = (
        select(Feedback.id)
        .join(Consultation, Consultation.id == Feedback.consultation_id)
        .where(Feedback.mailed_at.is_not(None), Consultation.state == State.DECIDED, Feedback.id.in_(among))
        .order_by(Feedback.id)
    )
    return list(session.scalars(statement))


def followed(session: Session, now: datetime) -> list[int]:
    """Return the ids of feedback whose messages may still change: not done, or done not long ago."""
    lately = or_(Consultation.state == State.DECIDED, Consultation.fed_back_at > now - FOLLOWED)
    statement = (
        select(Feedback.id)
        .join(Consultation, Consultation.id == Feedback.consultation_id)
        .where(Feedback.published_at.is_not(None), lately)
        .order_by(Feedback.id)
    )
    return list(session.scalars(statement))


def in_motion(session: Session, among: Collection[int], now: datetime) -> set[int]:
    """Return which of these ids are of feedback whose messages leave about now, or left lately.

    It asks the messages by state and day, so that a ledger where nothing moves costs nothing however long
    it is.
    """
    keys = {key: id for id in among for key in (mailing_key(id), cascade_key(id))}
    mailings = dict(session.execute(select(Mailing.id, Mailing.key).where(Mailing.key.in_(keys))).all())
    if not mailings:
        return set()
    message = OutboxMessage
    due = (message.state == JobState.QUEUED) & (message.not_before <= now + A_MINUTE)
    lately = message.state.in_([JobState.DONE, JobState.DEAD]) & (message.not_before > now - LATELY)
    # The sum, and a statement for each: so that no database goes through all messages of a mailing instead.
    ours = (message.mailing_id + 0).in_(mailings)
    moving = union(*(select(message.mailing_id).where(ours, when) for when in (due, lately)))
    return {keys[mailings[id]] for id in session.scalars(moving)}


def mailing_key(feedback_id: int) -> str:
    """Return the key of the mailing that carries the feedback."""
    return f"feedback:{feedback_id}"


def cascade_key(feedback_id: int) -> str:
    """Return the key of the mailing to groups; its messages' keys go on with the group and the address."""
    return f"feedback:{feedback_id}:{Route.CASCADE}"
