"""Addresses are deleted when their purpose has ended, and a report without names is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.feedback.models import Delivery, PostalContact, RetentionRun
from engage.feedback.retention_rules import AFTER_FEEDBACK, MESSAGES_KEPT, Ended, Held, ended
from engage.foundations import jobs
from engage.foundations.clock import in_london
from engage.foundations.tasks import Periodic
from engage.outbox import service as outbox
from engage.outbox.models import OutboxMessage
from engage.responses.models import Contact

AT_ONCE = 500
AS_IT_STANDS = {"synchronize_session": False}
OLD_MESSAGES = "addresses of mail sent 90 days ago"


def run(session: Session, now: datetime) -> None:
    """Delete what has served its purpose, and write down how much of which consultation and why.

    Rows of the ledger stay, without whom they were for.
    """
    gone: Counter[tuple[int, Ended]] = Counter()
    messages: Counter[tuple[int, Ended]] = Counter()
    found = _over(session, now)
    for start in range(0, len(found), AT_ONCE):
        for kind in {(consultation_id, why) for _, consultation_id, why in found[start : start + AT_ONCE]}:
            ids = [id for id, *rest in found[start : start + AT_ONCE] if tuple(rest) == kind]
            messages[kind] += _forget(session, ids)
            gone[kind] += len(ids)
    for consultation_id, count in _forget_postal(session, now).items():
        gone[consultation_id, Ended.FED_BACK] += count
    for (consultation_id, why), count in sorted(gone.items()):
        _write_down(session, consultation_id, now, count, messages[consultation_id, why], why)
    emptied = outbox.forget_recipients(session, before=now - MESSAGES_KEPT)
    jobs.forget_done(session, before=now - MESSAGES_KEPT)
    if emptied:
        _write_down(session, None, now, 0, emptied, OLD_MESSAGES)
    session.flush()


def list_runs(session: Session, consultation_id: int | None = None) -> Sequence[RetentionRun]:
    """Return what was deleted, the latest first; of one consultation, or of all."""
    rows = select(RetentionRun).order_by(RetentionRun.ran_at.desc(), RetentionRun.id.desc()).limit(200)
    if consultation_id is not None:
        rows = rows.where(RetentionRun.consultation_id == consultation_id)
    return session.scalars(rows).all()


def _over(session: Session, now: datetime) -> list[tuple[UUID, int, Ended]]:
    """Return the contacts whose purpose has ended, each with its consultation and why."""
    rows = (
        select(Contact, Consultation.fed_back_at)
        .join(Consultation, Consultation.id == Contact.consultation_id)
        .where(Contact.unsubscribed_on.is_not(None) | Consultation.fed_back_at.is_not(None))
        .order_by(Contact.id)
    )
    today = in_london(now).date()
    found = []
    for contact, fed_back_at in session.execute(rows):
        held = Held(fed_back_at, contact.wants_updates, contact.unsubscribed_on)
        if why := ended(held, now=now, today=today):
            found.append((contact.id, contact.consultation_id, why))
    return found


def _forget(session: Session, ids: Sequence[UUID]) -> int:
    """Delete contacts and what was written to them; return how many messages that were."""
    listed = select(Delivery.message_id).where(Delivery.contact_id.in_(ids), Delivery.message_id.is_not(None))
    sent = delete(OutboxMessage).where(OutboxMessage.id.in_(listed)).returning(OutboxMessage.id)
    count = len(session.scalars(sent, execution_options=AS_IT_STANDS).all())
    session.execute(delete(Contact).where(Contact.id.in_(ids)), execution_options=AS_IT_STANDS)
    return count


def _forget_postal(session: Session, now: datetime) -> Counter[int]:
    over = select(Consultation.id).where(Consultation.fed_back_at <= now - AFTER_FEEDBACK)
    gone = (
        delete(PostalContact)
        .where(PostalContact.consultation_id.in_(over))
        .returning(PostalContact.consultation_id)
    )
    return Counter(session.scalars(gone, execution_options=AS_IT_STANDS).all())


def _write_down(
    session: Session, consultation_id: int | None, now: datetime, contacts: int, messages: int, why: str
) -> None:
    session.add(
        RetentionRun(
            consultation_id=consultation_id, ran_at=now, contacts=contacts, messages=messages, reason=str(why)
        )
    )


PERIODIC: dict[str, Periodic] = {"feedback.retention": run}
