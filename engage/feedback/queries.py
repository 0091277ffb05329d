"""Feedback and its ledger, to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import Reach, Readiness, Route
from engage.foundations.jobs import JobState
from engage.outbox.models import OutboxMessage
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome
from engage.responses.contacts import count_contacts_owed
from engage.responses.models import Contact

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One address and how feedback came to it."""

    message_id: int
    address: str
    route: Route
    state: JobState
    attempts: int
    done_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """One page of the ledger; `number` counts pages from 1, `total` rows."""

    lines: list[LedgerLine]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Happened:
    """A consultation that was fed back, and how many priorities had which outcome."""

    slug: str
    title: str
    published_at: datetime
    synthetic: bool
    outcomes: dict[Outcome, int]


def find_feedback(session: Session, consultation_id: int) -> Feedback | None:
    """Return a consultation's feedback, None where nobody has begun to write it."""
    return session.scalars(select(Feedback).where(Feedback.consultation_id == consultation_id)).one_or_none()


def get_feedback(session: Session, feedback_id: int) -> Feedback:
    """Return the feedback; raises `NoResultFound`."""
    return session.scalars(select(Feedback).where(Feedback.id == feedback_id)).one()


def get_published(session: Session, slug: str) -> tuple[Consultation, Feedback]:
    """Return a consultation with its published feedback; raises `NoResultFound` before publication."""
    statement = (
        select(Consultation, Feedback)
        .join(Feedback, Feedback.consultation_id == Consultation.id)
        .where(Consultation.slug == slug, Feedback.published_at.is_not(None))
    )
    consultation, feedback = session.execute(statement).one()
    return consultation, feedback


def readiness(session: Session, consultation: Consultation) -> Readiness:
    """Return what publishing the consultation's feedback asks about."""
    feedback = find_feedback(session, consultation.id)
    decisions = select(func.count(Decision.id)).where(Decision.consultation_id == consultation.id)
    return Readiness(
        said=feedback.said if feedback else "",
        decided=feedback.decided if feedback else "",
        reconciled=feedback.reconciled if feedback else "",
        is_decided=consultation.state in {State.DECIDED, State.FED_BACK},
        decisions=session.scalar(decisions) or 0,
        is_published=feedback is not None and feedback.published_at is not None,
    )


def reach(session: Session, feedback: Feedback) -> Reach:
    """Return how far the feedback has come; until the ledger is whole, everybody left is still waiting."""
    rows = (
        select(OutboxMessage.state, func.count())
        .join(Delivery, Delivery.message_id == OutboxMessage.id)
        .where(Delivery.feedback_id == feedback.id)
        .group_by(OutboxMessage.state)
    )
    counts = dict(session.execute(rows).all())
    reached, failed = counts.get(JobState.DONE, 0), counts.get(JobState.DEAD, 0)
    owed = sum(counts.values())
    if feedback.mailed_at is None:
        owed = max(owed, count_contacts_owed(session, feedback.consultation_id))
    return Reach(owed=owed, reached=reached, waiting=owed - reached - failed, failed=failed)


def has_unlisted(session: Session, feedback: Feedback) -> bool:
    """Tell whether somebody who is owed the feedback has no row in the ledger."""
    listed = exists().where(Delivery.contact_id == Contact.id, Delivery.feedback_id == feedback.id)
    owed = select(Contact.id).where(
        Contact.consultation_id == feedback.consultation_id, Contact.unsubscribed_on.is_(None), ~listed
    )
    return session.scalar(owed.limit(1)) is not None


def unsettled(session: Session) -> list[int]:
    """Return the ids of feedback that is in the ledger but not yet known to have come to everybody."""
    statement = (
        select(Feedback.id)
        .join(Consultation, Consultation.id == Feedback.consultation_id)
        .where(Feedback.mailed_at.is_not(None), Consultation.state == State.DECIDED)
        .order_by(Feedback.id)
    )
    return list(session.scalars(statement))


def ledger(session: Session, feedback_id: int, *, page: int) -> Ledger:
    """Return a page of the ledger, those not reached first; `page` beyond the last is the last."""
    total = session.scalar(select(func.count(Delivery.id)).where(Delivery.feedback_id == feedback_id)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(page, 1), pages)
    rows = (
        select(Delivery.route, Contact.address, OutboxMessage)
        .join(Contact, Contact.id == Delivery.contact_id)
        .join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
        .where(Delivery.feedback_id == feedback_id)
        .order_by(OutboxMessage.state == JobState.DONE, Contact.address, Delivery.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    lines = [_line(route, address, message) for route, address, message in session.execute(rows)]
    return Ledger(lines, number, pages, total)


def happened(session: Session) -> list[Happened]:
    """Return everything that was fed back, the latest first, in two queries."""
    rows = (
        select(Consultation, Feedback.published_at)
        .join(Feedback, Feedback.consultation_id == Consultation.id)
        .where(Feedback.published_at.is_not(None))
        .order_by(Feedback.published_at.desc(), Feedback.id.desc())
    )
    counting = (
        select(Decision.consultation_id, Decision.outcome, func.count())
        .join(Feedback, Feedback.consultation_id == Decision.consultation_id)
        .where(Feedback.published_at.is_not(None))
        .group_by(Decision.consultation_id, Decision.outcome)
    )
    counts = {(id, outcome): number for id, outcome, number in session.execute(counting)}
    return [
        Happened(
            slug=consultation.slug,
            title=consultation.title,
            published_at=published_at,
            synthetic=consultation.synthetic,
            outcomes={outcome: counts.get((consultation.id, outcome), 0) for outcome in Outcome},
        )
        for consultation, published_at in session.execute(rows)
        if published_at is not None
    ]


def _line(route: Route, address: str, message: OutboxMessage) -> LedgerLine:
    return LedgerLine(
        message_id=message.id,
        address=address,
        route=route,
        state=message.state,
        attempts=message.attempts,
        done_at=message.done_at,
        last_error=message.last_error,
    )
