"""Saying in public why feedback is late, and by when it is to come instead."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from engage.consultations import service as consultations
from engage.feedback.overdue.queries import EXPLAINED, find_owed
from engage.feedback.overdue.rules import Delay, problem_with_day, problem_with_reason
from engage.foundations.clock import in_london
from engage.foundations.language import _, day, lazy
from engage.foundations.refusals import Refused
from engage.timetable.holding import hold_entry
from engage.timetable.rules import NewsKind
from engage.timetable.service import note_change


def explain(
    session: Session, *, actor: str, now: datetime, consultation_id: int, expected_on: date, reason: str
) -> None:
    """Publish why the feedback is late and the day it is now expected; saying the same again changes nothing.

    The day it was due stays as it was. Raises `Refused` where nothing is owed or it is published already,
    for a day that is no promise, and without a reason that says something.
    """
    consultation = consultations.hold(session, consultation_id)
    today, reason = in_london(now).date(), reason.strip()
    owed = find_owed(session, consultation.slug, today)
    if owed is None:
        raise Refused(lazy("No feedback is owed here: it has not closed, or it was fed back already."))
    if owed.is_published:
        raise Refused(lazy("The feedback is published, so it is not late any more."))
    if problem := problem_with_day(expected_on, due_on=owed.due_on, today=today):
        raise Refused(problem, "expected_on")
    if problem := problem_with_reason(reason):
        raise Refused(problem, "reason")
    if owed.delay is not None and owed.delay == Delay(owed.delay.said_on, expected_on, reason):
        return
    entry = hold_entry(session, consultation.entry_id)
    entry.feedback_late_reason = reason
    said = _("Feedback is now expected by %(day)s. %(reason)s", day=day(expected_on), reason=reason)
    note_change(session, entry, NewsKind.CHANGED, now=now, said=str(said))
    details = {
        "due_on": owed.due_on.isoformat(),
        "expected_on": expected_on.isoformat(),
        "reason": reason,
    }
    consultations.note(session, actor, now, consultation, action=EXPLAINED, details=details)
