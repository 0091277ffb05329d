"""Feedback and its ledger, to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.ledger.queries import by_route
from engage.feedback.models import Feedback
from engage.feedback.rules import Reach, Readiness, Route
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome
from engage.responses.contacts import count_contacts_owed


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
        is_submitted=feedback is not None and feedback.submitted_at is not None,
        is_approved=feedback is not None and feedback.approved_at is not None,
    )


def reach(session: Session, feedback: Feedback, routes: Mapping[Route, Reach] | None = None) -> Reach:
    """Return how far the feedback has come by all routes, as the ledger says.

    `routes` is what `by_route` said, where that has been asked: it counts the whole ledger. Until that is
    whole, everybody who left an address is still waiting.
    """
    each = (by_route(session, feedback.id) if routes is None else routes).values()
    owed = sum(reach.owed for reach in each)
    reached, failed = sum(reach.reached for reach in each), sum(reach.failed for reach in each)
    if feedback.mailed_at is None:
        owed = max(owed, count_contacts_owed(session, feedback.consultation_id))
    return Reach(owed=owed, reached=reached, waiting=owed - reached - failed, failed=failed)


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
