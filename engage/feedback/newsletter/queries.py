"""The newsletter, to read: issues, what is in them, and who gets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.feedback.models import Feedback, Newsletter
from engage.plan_export.models import Decision, DecisionProgress
from engage.plan_export.rules import Standing
from engage.questionnaires.models import Priority
from engage.timetable.models import Subscription

SENT = "newsletter.sent"


@dataclass(frozen=True, slots=True)
class Progressed:
    """What was said of a decision's progress."""

    priority: str
    standing: Standing
    said: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets the newsletter."""

    id: UUID
    address: str


def issues(session: Session) -> list[Newsletter]:
    """Return every issue, drafts too, the last first."""
    return list(session.scalars(select(Newsletter).order_by(Newsletter.until.desc(), Newsletter.id.desc())))


def published(session: Session) -> list[Newsletter]:
    """Return the issues everybody may read, the last first."""
    chosen = select(Newsletter).where(Newsletter.sent_at.is_not(None))
    return list(session.scalars(chosen.order_by(Newsletter.sent_at.desc(), Newsletter.id.desc())))


def get_issue(session: Session, newsletter_id: int) -> Newsletter:
    """Return an issue; raises `NoResultFound`."""
    return session.scalars(select(Newsletter).where(Newsletter.id == newsletter_id)).one()


def get_published(session: Session, newsletter_id: int) -> Newsletter:
    """Return an issue everybody may read; raises `NoResultFound` for a draft."""
    chosen = select(Newsletter).where(Newsletter.id == newsletter_id, Newsletter.sent_at.is_not(None))
    return session.scalars(chosen).one()


def progressed(session: Session, since: datetime, until: datetime) -> Mapping[str, tuple[Progressed, ...]]:
    """Return, by consultation, what was said in that time of decisions that everybody has been told of."""
    rows = session.execute(
        select(Consultation.slug, Decision, Priority.label, DecisionProgress)
        .join(Decision, Decision.consultation_id == Consultation.id)
        .join(DecisionProgress, DecisionProgress.decision_id == Decision.id)
        .join(Feedback, Feedback.consultation_id == Consultation.id)
        .outerjoin(
            Priority,
            and_(Priority.framework_id == Consultation.framework_id, Priority.code == Decision.priority_code),
        )
        .where(Feedback.published_at <= until)
        .where(DecisionProgress.said_at > since, DecisionProgress.said_at <= until)
        .order_by(DecisionProgress.said_at, DecisionProgress.id)
    )
    found: dict[str, list[Progressed]] = {}
    for slug, decision, label, told in rows:
        words = decision.label or label or decision.priority_code
        one = Progressed(words, told.standing, told.said, told.said_at)
        found.setdefault(slug, []).append(one)
    return {slug: tuple(several) for slug, several in found.items()}


def next_readers(session: Session, *, after: UUID | None, limit: int) -> list[Reader]:
    """Return the next who have confirmed their address and asked for the newsletter, by their ids."""
    chosen = select(Subscription.id, Subscription.address).where(
        Subscription.confirmed_at.is_not(None), Subscription.newsletter.is_(True)
    )
    if after is not None:
        chosen = chosen.where(Subscription.id > after)
    return [Reader(*row) for row in session.execute(chosen.order_by(Subscription.id).limit(limit))]


def count_readers(session: Session) -> int:
    """Return how many get the newsletter."""
    counted = select(func.count(Subscription.id)).where(
        Subscription.confirmed_at.is_not(None), Subscription.newsletter.is_(True)
    )
    return session.scalar(counted) or 0


def addresses_sent(session: Session) -> Mapping[str, int]:
    """Return, by the subject the log gives an issue, to how many addresses it was sent."""
    rows = select(AuditEvent).where(AuditEvent.action == SENT).order_by(AuditEvent.id)
    return {event.subject: event.details["addresses"] for event in session.scalars(rows)}
