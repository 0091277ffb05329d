"""Reminding officers by mail that feedback will be due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.feedback.ledger.mails import reminder
from engage.feedback.ledger.rules import reminder_due
from engage.feedback.models import Feedback
from engage.feedback.overdue.queries import OWING
from engage.outbox import service as outbox
from engage.outbox.models import Mailing
from engage.outbox.service import Promise
from engage.people.models import Person
from engage.people.rules import Role
from engage.timetable.models import Entry


def remind_officers(session: Session, now: datetime) -> None:
    """Promise every active planning officer and administrator the reminders that are due, each once."""
    owing = (
        select(Consultation, Entry.feedback_due_on, Feedback.published_at)
        .join(Entry, Entry.id == Consultation.entry_id)
        .outerjoin(Feedback, Feedback.consultation_id == Consultation.id)
        .where(
            Consultation.state.in_(OWING), Entry.feedback_due_on.is_not(None), Entry.cancelled_at.is_(None)
        )
        .order_by(Consultation.id)
    )
    for consultation, due_on, published_at in session.execute(owing).all():
        days = reminder_due(due_on, now) if due_on else None
        if due_on is None or days is None:
            continue
        # A day that was moved is another day to be reminded of.
        key = f"feedback-due:{consultation.id}:{due_on:%Y%m%d}:{days}"
        if session.scalar(select(Mailing.id).where(Mailing.key == key)) is not None:
            continue
        subject, text = reminder(consultation, due_on=due_on, days=days, published=published_at is not None)
        mailing = outbox.add_mailing(
            session, key=key, subject=subject, text_body=text, html_body=None, now=now
        )
        messages = [Promise.to(email, key=key, personal={}) for email in _officers(session)]
        outbox.promise(session, mailing=mailing, messages=messages, now=now)


def _officers(session: Session) -> list[str]:
    chosen = select(Person.email).where(
        Person.active.is_(True), Person.role.in_([Role.PLANNING_OFFICER, Role.ADMINISTRATOR])
    )
    return list(session.scalars(chosen.order_by(Person.email)))
