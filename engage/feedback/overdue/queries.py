"""Feedback that is owed to everybody and has not come, to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.models import Feedback
from engage.feedback.overdue.rules import Delay, Owed
from engage.foundations.clock import in_london
from engage.timetable.models import Entry
from engage.timetable.rules import last_day

# Shut, and not yet fed back.
OWING = (State.CLOSED, State.ANALYSED, State.DECIDED)
EXPLAINED = "feedback.delay_explained"


def owed(session: Session, today: date) -> list[Owed]:
    """Return what is not published yet, the longest owed first, in two queries."""
    rows = _owing().where(Feedback.published_at.is_(None)).order_by(Entry.feedback_due_on, Consultation.id)
    return _read(session, rows, today)


def find_owed(session: Session, slug: str, today: date) -> Owed | None:
    """Return what is owed of the consultation called `slug`; None where nothing is, or nothing is yet."""
    return next(iter(_read(session, _owing().where(Consultation.slug == slug), today)), None)


def _owing() -> Select[Any]:
    found: Any = select(Consultation.slug, Consultation.title, Entry, Feedback.published_at)
    rows: Select[Any] = (
        found.join(Entry, Entry.id == Consultation.entry_id)
        .outerjoin(Feedback, Feedback.consultation_id == Consultation.id)
        .where(
            Consultation.state.in_(OWING),
            Entry.feedback_due_on.is_not(None),
            Entry.published_at.is_not(None),
            Entry.cancelled_at.is_(None),
        )
    )
    return rows


def _read(session: Session, rows: Select[Any], today: date) -> list[Owed]:
    found = session.execute(rows).all()
    said = _delays(session, [slug for slug, *_ in found])
    return [
        Owed(
            slug=slug,
            title=title,
            last_day=last_day(entry.closes_at),
            due_on=entry.feedback_due_on,
            reason=entry.feedback_late_reason,
            delay=said.get(slug),
            is_published=published_at is not None,
            today=today,
        )
        for slug, title, entry, published_at in found
    ]


def _delays(session: Session, slugs: Collection[str]) -> Mapping[str, Delay]:
    """Return what was last said of each delay. The log is where it is kept: nothing there is ever changed."""
    if not slugs:
        return {}
    last = (
        select(func.max(AuditEvent.id))
        .where(
            AuditEvent.subject.in_([f"consultation:{slug}" for slug in slugs]), AuditEvent.action == EXPLAINED
        )
        .group_by(AuditEvent.subject)
    )
    events = session.scalars(select(AuditEvent).where(AuditEvent.id.in_(last)).order_by(AuditEvent.id))
    return {
        event.subject.partition(":")[2]: Delay(
            said_on=in_london(event.happened_at).date(),
            expected_on=date.fromisoformat(event.details["expected_on"]),
            reason=event.details["reason"],
        )
        for event in events
    }
