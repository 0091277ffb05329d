"""Giving people longer to answer: the closing moves, with the reason that the public reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engage.consultations import rules, service
from engage.consultations.models import Extension
from engage.consultations.rules import GRACE
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.timetable import service as timetable

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDates:
    """When a consultation closes now, and the days that follow from it."""

    closes_at: datetime
    decision_due_on: date | None
    feedback_due_on: date | None
    feedback_late_reason: str = ""


def extend(
    session: Session, *, actor: str, now: datetime, consultation_id: int, dates: NewDates, reason: str
) -> None:
    """Let people answer for longer; timetable, closing and grace move together.

    Raises `Refused` where it is not open any more, the new closing is not later, no reason is given, or a day
    after the closing no longer fits.
    """
    consultation = service.hold(session, consultation_id)
    reason = reason.strip()
    if not rules.is_open(consultation.state, consultation.closes_at, now):
        raise Refused(lazy("Only a consultation that is open can be extended: people were told it is over."))
    if dates.closes_at <= consultation.closes_at:
        raise Refused(lazy("The new last day must be after the one people were told."), "last_day")
    if not reason:
        raise Refused(lazy("Give the reason. It is published with the new date."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_REASON), "reason")
    timetable.put_off(
        session,
        actor=actor,
        now=now,
        entry_id=consultation.entry_id,
        closes_at=dates.closes_at,
        decision_due_on=dates.decision_due_on,
        feedback_due_on=dates.feedback_due_on,
        feedback_late_reason=dates.feedback_late_reason,
        reason=reason,
    )
    before = consultation.closes_at
    consultation.closes_at, consultation.grace_ends_at = dates.closes_at, dates.closes_at + GRACE
    session.add(
        Extension(
            consultation_id=consultation_id,
            closed_before=before,
            closes_after=dates.closes_at,
            reason=reason,
            extended_by=actor,
            extended_at=now,
        )
    )
    session.flush()
    details = {"from": before.isoformat(), "to": dates.closes_at.isoformat(), "reason": reason}
    service.note(session, actor, now, consultation, action="consultation.extended", details=details)
