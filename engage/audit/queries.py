"""The log, to read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.lists import nearest


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of events, newest first; `number` and `pages` count from 1."""

    events: list[AuditEvent]
    number: int
    pages: int
    total: int


def events(session: Session, *, page: int, per_page: int, subject: str | None = None) -> EventPage:
    """Return one page of the log, newest first, of one subject or of all.

    A page beyond either end is the nearest there is. Two queries, however long the log.
    """
    chosen = select(AuditEvent)
    counted = select(func.count()).select_from(AuditEvent)
    if subject is not None:
        chosen = chosen.where(AuditEvent.subject == subject)
        counted = counted.where(AuditEvent.subject == subject)
    total = session.scalar(counted) or 0
    number, pages = nearest(page, total, per_page)
    # Events are only ever added, so the order of their numbers is the order of time.
    rows = chosen.order_by(AuditEvent.id.desc()).limit(per_page).offset((number - 1) * per_page)
    return EventPage(events=list(session.scalars(rows)), number=number, pages=pages, total=total)
