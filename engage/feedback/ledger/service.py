"""The ledger is made, and feeding back is done when it says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import service as consultations
from engage.consultations.queries import get_consultation_by_id
from engage.feedback import queries as feedbacks
from engage.feedback.ledger import queries, rules
from engage.feedback.ledger.motion import A_MINUTE
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Route
from engage.foundations import jobs
from engage.foundations.inserts import insert_new
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox import service as outbox
from engage.outbox.models import Mailing
from engage.outbox.service import Promise
from engage.responses.contacts import contacts_owed

MAIL_OUT = "feedback.mail_out"
BY_GROUPS = "feedback.pass_on"
SETTLE = "feedback.settle_asked"
CHUNK = 500
WORKER = "Engage (by itself)"


def ask_for_everybody(session: Session, feedback_id: int, *, now: datetime, reason: str) -> None:
    """Ask the workers to bring the feedback to everybody owed; `reason` tells one pass from another."""
    ask_for_others(session, feedback_id, now=now, reason=reason)
    _ask_to_mail(session, feedback_id, after=None, now=now, reason=reason)


def ask_for_others(session: Session, feedback_id: int, *, now: datetime, reason: str) -> None:
    """Ask for the groups and the postal contacts to be put in the ledger."""
    key = f"{BY_GROUPS}:{feedback_id}:{reason}"
    jobs.ask(session, name=BY_GROUPS, arguments={"feedback_id": feedback_id}, at=now, key=key)


def ask_to_settle(session: Session, feedback_id: int | None, *, at: datetime) -> None:
    """Ask for one ledger, or for all that may still change, to be brought up to date; once for a moment."""
    key = f"{SETTLE}:{feedback_id or 'all'}:{at.isoformat()}"
    jobs.ask(session, name=SETTLE, arguments={"feedback_id": feedback_id}, at=at, key=key)


def list_owed(
    session: Session,
    *,
    feedback: Feedback,
    mailing: Mailing,
    after: UUID | None,
    way_out: Callable[[UUID], str],
    now: datetime,
    reason: str,
    per_minute: int = 0,
    route: Route = Route.EMAIL,
) -> None:
    """Give the next `CHUNK` contacts after `after` a ledger row and a message, and ask for the rest.

    Doing it again changes nothing, even where mail takes another of `BY_MAIL` by now. With the last chunk the
    ledger is whole. `way_out` gives the address where a contact unsubscribes. `per_minute`: how many become
    due for one domain (0: no limit).
    """
    owed = contacts_owed(session, consultation_id=feedback.consultation_id, after=after, limit=CHUNK)
    keys = {contact.id: f"feedback:{feedback.id}:{Route.EMAIL}:{contact.id}" for contact in owed}
    messages = [
        Promise(keys[contact.id], contact.address, {"unsubscribe_url": way_out(contact.id)})
        for contact in owed
    ]
    ids = outbox.promise(session, mailing=mailing, messages=messages, now=now, per_minute=per_minute)
    shared = {"feedback_id": feedback.id, "route": route, "state": DeliveryState.QUEUED}
    listed = queries.listed_by_mail(session, feedback.id, keys)
    rows = [
        shared | {"contact_id": id, "message_id": ids[key], "queued_at": now}
        for id, key in keys.items()
        if id not in listed
    ]
    insert_new(session, Delivery, rows, conflict=("feedback_id", "contact_id", "route"))
    if len(owed) == CHUNK:
        _ask_to_mail(session, feedback.id, after=owed[-1].id, now=now, reason=reason)
    elif feedback.mailed_at is None:
        feedback.mailed_at = now
        session.flush()
        # Where nobody waits for a message, nothing else would.
        ask_to_settle(session, feedback.id, at=now + A_MINUTE)


def settle(session: Session, *, feedback_id: int, now: datetime) -> None:
    """Mark the consultation as fed back once that is true (see `rules.is_fed_back`).

    Whoever is owed it and was left out when the ledger was made, because they came later, is sent it first.
    """
    feedback = hold(session, feedback_id)
    reason = now.isoformat(timespec="minutes")
    late, others = queries.contacts_unlisted(session, feedback), queries.others_unlisted(session, feedback)
    if late:
        _ask_to_mail(session, feedback.id, after=None, now=now, reason=reason)
    if others:
        ask_for_others(session, feedback.id, now=now, reason=reason)
    done = rules.is_fed_back(
        feedbacks.reach(session, feedback),
        listed=feedback.mailed_at is not None,
        unlisted=late or others,
        target_percent=feedback.target_percent,
        signed_off=feedback.signed_off_at is not None,
    )
    if done:
        consultations.mark_fed_back(session, actor=WORKER, now=now, consultation_id=feedback.consultation_id)


def sign_off(
    session: Session, *, actor: str, name: str, now: datetime, feedback_id: int, reason: str
) -> None:
    """Say in public, by name, why fewer than the target were reached and that it ends there.

    Refused before the feedback is published, once the target is met, without a reason, and a second time.
    """
    feedback = hold(session, feedback_id)
    if feedback.published_at is None:
        raise Refused(lazy("Publish the feedback first."))
    if feedback.signed_off_at is not None:
        raise Refused(lazy("This has been signed already."))
    if rules.is_met(feedbacks.reach(session, feedback), feedback.target_percent):
        raise Refused(lazy("The target is met, so there is nothing to sign."))
    if not reason.strip():
        raise Refused(lazy("Write why not everybody could be reached."), "reason")
    feedback.signed_off_by, feedback.signed_off_at = name[:320], now
    feedback.signed_off_reason = reason.strip()[: rules.LONGEST_REASON]
    session.flush()
    ask_to_settle(session, feedback.id, at=now)
    consultation = get_consultation_by_id(session, feedback.consultation_id)
    consultations.note(session, actor, now, consultation, action="feedback.signed_off")


def hold(session: Session, feedback_id: int) -> Feedback:
    """Return the feedback, and keep others from changing it until the transaction ends."""
    held = select(Feedback).where(Feedback.id == feedback_id).with_for_update()
    return session.scalars(held, execution_options={"populate_existing": True}).one()


def _ask_to_mail(
    session: Session, feedback_id: int, *, after: UUID | None, now: datetime, reason: str
) -> None:
    """Ask for the chunk after `after`; `reason` tells one pass through the contacts from another."""
    arguments = {"feedback_id": feedback_id, "after": str(after) if after else None, "reason": reason}
    key = f"{MAIL_OUT}:{feedback_id}:{reason}:{after or 'start'}"
    jobs.ask(session, name=MAIL_OUT, arguments=arguments, at=now, key=key)
