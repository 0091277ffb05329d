"""What is done to feedback: written, approved, published, brought to everybody who is owed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import service as consultations
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation_by_id
from engage.feedback import queries, rules
from engage.feedback.ledger.service import ask_for_everybody
from engage.feedback.models import Feedback
from engage.feedback.placeholders import Facts, problem_with
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused


def save_feedback(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation_id: int,
    said: str,
    decided: str,
    reconciled: str,
    easy_read: str = "",
    facts: Facts | None = None,
) -> Feedback:
    """Keep a draft of the parts; refuse once it has been published.

    Raises `Refused` beside the part that has a placeholder which `facts` do not know. What has been submitted
    or approved is neither any more once a word of it changes.
    """
    consultation = _held(session, consultation_id)
    parts = {"said": said, "decided": decided, "reconciled": reconciled, "easy_read": easy_read}
    parts = {name: text.replace("\r\n", "\n").strip() for name, text in parts.items()}
    feedback = queries.find_feedback(session, consultation_id)
    if feedback is None:
        feedback = Feedback(consultation_id=consultation_id)
        session.add(feedback)
    elif feedback.published_at is not None:
        raise Refused(lazy("This feedback has been published, so it cannot be changed."))
    if facts is not None:
        _refuse_unknown(parts, facts)
    if any(getattr(feedback, name) != text for name, text in parts.items()):
        feedback.approved_by = feedback.approved_at = None
        feedback.submitted_by = feedback.submitted_at = None
    for name, text in parts.items():
        setattr(feedback, name, text)
    session.flush()
    consultations.note(session, actor, now, consultation, action="feedback.saved")
    return feedback


def submit(session: Session, *, actor: str, now: datetime, consultation_id: int, person_id: int) -> Feedback:
    """Ask a second person to approve the feedback as it is now; again by the same person changes nothing.

    Raises `Refused` while something is missing.
    """
    consultation = _held(session, consultation_id)
    feedback = _whole(session, consultation)
    if feedback.submitted_at is not None:
        return feedback
    feedback.submitted_by, feedback.submitted_at = person_id, now
    session.flush()
    consultations.note(session, actor, now, consultation, action="feedback.submitted")
    return feedback


def approve(
    session: Session, *, actor: str, now: datetime, consultation_id: int, person_id: int, read: str
) -> Feedback:
    """Approve what was submitted; `read` is the digest of what the approver had before them.

    Raises `Refused` for the person who submitted it, and where it has changed since it was read.
    """
    consultation = _held(session, consultation_id)
    feedback = _whole(session, consultation)
    if feedback.submitted_at is None:
        raise Refused(lazy("Nobody has submitted this feedback as it is now: somebody changed it."))
    if feedback.submitted_by == person_id:
        raise Refused(lazy("You submitted this feedback: somebody else has to approve it."))
    if read != digest(feedback):
        raise Refused(lazy("The feedback has changed since you opened this page. Read it again."))
    if feedback.approved_at is None:
        feedback.approved_by, feedback.approved_at = person_id, now
        session.flush()
        consultations.note(session, actor, now, consultation, action="feedback.approved")
    return feedback


def digest(feedback: Feedback) -> str:
    """Return what tells this wording of the feedback from another."""
    return rules.digest_of(feedback.said, feedback.decided, feedback.reconciled, feedback.easy_read)


def publish(session: Session, *, actor: str, now: datetime, consultation_id: int, person_id: int) -> Feedback:
    """Show the feedback to everybody, and ask for it to be sent to all who left an address.

    Raises `Refused` unless the consultation is decided, has decisions, all three parts are written, and a
    second person has approved them.
    """
    consultation = _held(session, consultation_id)
    missing = rules.missing_to_publish(queries.readiness(session, consultation))
    if missing:
        raise Refused(missing[0])
    feedback = queries.find_feedback(session, consultation_id)
    if feedback is None:
        raise AssertionError("feedback that is ready to publish is there")
    feedback.published_at, feedback.published_by = now, person_id
    session.flush()
    ask_for_everybody(session, feedback.id, now=now, reason="published")
    consultations.note(session, actor, now, consultation, action="feedback.published")
    return feedback


def _whole(session: Session, consultation: Consultation) -> Feedback:
    """Return the feedback if it lacks nothing; raises `Refused` for the first thing that is missing."""
    missing = rules.missing_to_submit(queries.readiness(session, consultation))
    if missing:
        raise Refused(missing[0])
    feedback = queries.find_feedback(session, consultation.id)
    if feedback is None:
        raise AssertionError("feedback that lacks nothing is there")
    return feedback


def _refuse_unknown(parts: dict[str, str], facts: Facts) -> None:
    """Refuse the first part that has a placeholder which `facts` do not know, beside it."""
    for name, text in parts.items():
        problem = problem_with(text, facts)
        if problem is not None:
            raise Refused(problem, name)


def _held(session: Session, consultation_id: int) -> Consultation:
    """Return the consultation, and keep others from publishing until the transaction ends."""
    consultation = get_consultation_by_id(session, consultation_id)
    session.execute(select(Feedback.id).where(Feedback.consultation_id == consultation_id).with_for_update())
    return consultation
