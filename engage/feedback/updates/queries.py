"""Updates, to read: what is new, who wants it, and what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.feedback.figures import Figure, figures
from engage.feedback.models import Feedback
from engage.feedback.updates.rules import PREFIX, feedback_of
from engage.outbox.models import Mailing
from engage.plan_export.deciding import progress
from engage.plan_export.models import Decision, DecisionProgress
from engage.responses.models import Contact

MAILED = "updates.mailed"


@dataclass(frozen=True, slots=True)
class Moved:
    """A decision, with what was said of its progress, the latest first."""

    figure: Figure
    told: tuple[DecisionProgress, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """An update that was sent: to how many addresses, about how many decisions, and its words."""

    at: datetime
    addresses: int
    decisions: int
    subject: str
    text: str


def with_progress(session: Session, until: datetime) -> dict[int, datetime]:
    """Return, by the feedback's id, when progress was last told up to `until`.

    Only of what was published and is in the ledger: nobody hears what became of a result before the result.
    """
    rows = (
        select(Feedback.id, func.max(DecisionProgress.said_at))
        .join(Decision, Decision.consultation_id == Feedback.consultation_id)
        .join(DecisionProgress, DecisionProgress.decision_id == Decision.id)
        .where(Feedback.published_at.is_not(None), Feedback.mailed_at.is_not(None))
        .where(DecisionProgress.said_at <= until)
        .group_by(Feedback.id)
        .order_by(Feedback.id)
    )
    return dict(session.execute(rows).all())


def told_until(session: Session) -> Mapping[int, datetime]:
    """Return how far each feedback's updates have told; nothing for one that had none."""
    rows = (
        select(Mailing.key, Mailing.created_at)
        .where(Mailing.key.startswith(PREFIX, autoescape=True))
        .order_by(Mailing.created_at, Mailing.id)
    )
    return {feedback_of(key): moment for key, moment in session.execute(rows)}


def moved(
    session: Session, consultation_id: int, *, since: datetime | None, until: datetime, threshold: int
) -> tuple[Moved, ...]:
    """Return the decisions whose progress was told after `since` and up to `until`, as they are published."""
    found = figures(session, consultation_id, threshold=threshold)
    said = progress.of(session, [figure.decision_id for figure in found])
    several = (
        Moved(
            figure,
            tuple(
                one
                for one in said.get(figure.decision_id, ())
                if one.said_at <= until and (since is None or one.said_at > since)
            ),
        )
        for figure in found
    )
    return tuple(one for one in several if one.told)


def wanting(session: Session, *, consultation_id: int, after: UUID | None, limit: int) -> list[Contact]:
    """Return up to `limit` contacts who want updates, in the order of their random keys, after `after`."""
    chosen = select(Contact).where(
        Contact.consultation_id == consultation_id,
        Contact.wants_updates.is_(True),
        Contact.unsubscribed_on.is_(None),
    )
    if after is not None:
        chosen = chosen.where(Contact.id > after)
    return list(session.scalars(chosen.order_by(Contact.id).limit(limit)))


def count_wanting(session: Session, consultation_id: int) -> int:
    """Return how many addresses an update would go to."""
    counted = select(func.count(Contact.id)).where(
        Contact.consultation_id == consultation_id,
        Contact.wants_updates.is_(True),
        Contact.unsubscribed_on.is_(None),
    )
    return session.scalar(counted) or 0


def get_mailing(session: Session, key: str) -> Mailing:
    """Return the text of an update; raises `NoResultFound`."""
    return session.scalars(select(Mailing).where(Mailing.key == key)).one()


def sent(session: Session, slug: str) -> tuple[Sent, ...]:
    """Return the updates of a consultation, the last first, in two queries."""
    chosen = select(AuditEvent).where(
        AuditEvent.subject == f"consultation:{slug}", AuditEvent.action == MAILED
    )
    events = session.scalars(chosen.order_by(AuditEvent.id.desc())).all()
    keys = [event.details["update"] for event in events]
    texts = {
        mailing.key: mailing for mailing in session.scalars(select(Mailing).where(Mailing.key.in_(keys)))
    }
    return tuple(
        Sent(
            event.happened_at,
            event.details["addresses"],
            event.details["decisions"],
            texts[event.details["update"]].subject,
            texts[event.details["update"]].text_body,
        )
        for event in events
        if event.details["update"] in texts
    )
