"""What is done to feedback: written, published, brought to everybody who is owed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import service as consultations
from engage.consultations.models import Consultation
from engage.consultations.queries import get_consultation_by_id
from engage.feedback import queries, rules
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import Route
from engage.foundations import jobs
from engage.foundations.inserts import insert_new
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox import service as outbox
from engage.outbox.models import Mailing
from engage.outbox.service import Promise
from engage.responses.contacts import contacts_owed

MAIL_OUT = "feedback.mail_out"
CHUNK = 500
WORKER = "Engage (by itself)"


def save_feedback(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation_id: int,
    said: str,
    decided: str,
    reconciled: str,
) -> Feedback:
    """Keep a draft of the three parts; refuse once it has been published."""
    consultation = _held(session, consultation_id)
    feedback = queries.find_feedback(session, consultation_id)
    if feedback is None:
        feedback = Feedback(consultation_id=consultation_id)
        session.add(feedback)
    elif feedback.published_at is not None:
        raise Refused(lazy("This feedback has been published, so it cannot be changed."))
    feedback.said, feedback.decided, feedback.reconciled = said.strip(), decided.strip(), reconciled.strip()
    session.flush()
    consultations.note(session, actor, now, consultation, action="feedback.saved")
    return feedback


def publish(session: Session, *, actor: str, now: datetime, consultation_id: int, person_id: int) -> Feedback:
    """Show the feedback to everybody, and ask for it to be sent to all who left an address.

    Raises `Refused` unless the consultation is decided, has decisions, and all three parts are written.
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
    _ask_to_mail(session, feedback.id, after=None, now=now, reason="published")
    consultations.note(session, actor, now, consultation, action="feedback.published")
    return feedback


def list_owed(
    session: Session,
    *,
    feedback: Feedback,
    mailing: Mailing,
    after: UUID | None,
    way_out: Callable[[UUID], str],
    now: datetime,
    reason: str,
) -> None:
    """Give the next `CHUNK` contacts after `after` a ledger row and a message, and ask for the rest.

    Doing it again changes nothing. With the last chunk the ledger is whole. `way_out` gives the address where
    a contact unsubscribes.
    """
    owed = contacts_owed(session, consultation_id=feedback.consultation_id, after=after, limit=CHUNK)
    keys = {contact.id: f"feedback:{feedback.id}:{Route.EMAIL}:{contact.id}" for contact in owed}
    messages = [
        Promise(keys[contact.id], contact.address, {"unsubscribe_url": way_out(contact.id)})
        for contact in owed
    ]
    ids = outbox.promise(session, mailing=mailing, messages=messages, now=now)
    rows = [
        {"feedback_id": feedback.id, "contact_id": id, "route": Route.EMAIL, "message_id": ids[key]}
        for id, key in keys.items()
    ]
    insert_new(session, Delivery, rows, conflict=("feedback_id", "contact_id", "route"))
    if len(owed) == CHUNK:
        _ask_to_mail(session, feedback.id, after=owed[-1].id, now=now, reason=reason)
    elif feedback.mailed_at is None:
        feedback.mailed_at = now
        session.flush()


def settle(session: Session, *, feedback_id: int, now: datetime) -> None:
    """Mark the consultation as fed back once that is true: all are in the ledger and no message waits.

    Somebody who left an address after the ledger was made is sent the feedback too, before that.
    """
    feedback = session.scalars(select(Feedback).where(Feedback.id == feedback_id).with_for_update()).one()
    unlisted = queries.has_unlisted(session, feedback)
    if unlisted:
        _ask_to_mail(session, feedback.id, after=None, now=now, reason=now.isoformat(timespec="minutes"))
    reach = queries.reach(session, feedback)
    if rules.is_complete(reach, listed=feedback.mailed_at is not None, unlisted=unlisted):
        consultations.mark_fed_back(session, actor=WORKER, now=now, consultation_id=feedback.consultation_id)


def mailing_key(feedback: Feedback) -> str:
    """Return the key of the mailing that carries the feedback."""
    return f"feedback:{feedback.id}"


def _ask_to_mail(
    session: Session, feedback_id: int, *, after: UUID | None, now: datetime, reason: str
) -> None:
    """Ask for the chunk after `after`; `reason` tells one pass through the contacts from another."""
    arguments = {"feedback_id": feedback_id, "after": str(after) if after else None, "reason": reason}
    key = f"{MAIL_OUT}:{feedback_id}:{reason}:{after or 'start'}"
    jobs.ask(session, name=MAIL_OUT, arguments=arguments, at=now, key=key)


def _held(session: Session, consultation_id: int) -> Consultation:
    """Return the consultation, and keep others from publishing until the transaction ends."""
    consultation = get_consultation_by_id(session, consultation_id)
    session.execute(select(Feedback.id).where(Feedback.consultation_id == consultation_id).with_for_update())
    return consultation
