"""Addresses are deleted when their purpose has ended, and a report without names is kept of it.

Once a day, in rounds: each is a job of its own, so that nobody who answers meanwhile waits for all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.feedback.models import Delivery, PostalContact, RetentionRun
from engage.feedback.retention_rules import MESSAGES_KEPT, Ended, Limits, limits
from engage.foundations import jobs
from engage.foundations.clock import in_london
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox
from engage.outbox.models import OutboxMessage
from engage.responses.models import Contact

RETENTION = "feedback.retention"
# In London, when few are answering.
FROM_HOUR = 3
AT_ONCE = 500
A_ROUND = 10
AS_IT_STANDS = {"synchronize_session": False}
OLD_MESSAGES = "addresses of mail sent 90 days ago"


def begin(session: Session, now: datetime) -> None:
    """Ask for the day's deleting once its hour has come; however many workers ask, it is done once."""
    here = in_london(now)
    if here.hour >= FROM_HOUR:
        _ask(session, here.date().isoformat(), 1, now)


def retain(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Do one round of a day's deleting, and ask for the next where more is left."""
    if run(session, now):
        _ask(session, arguments["day"], arguments["round"] + 1, now)


def run(session: Session, now: datetime) -> bool:
    """Delete what has served its purpose, up to a round of it; tell whether there may be more.

    It writes down how much of which consultation and why. Rows of the ledger stay, without whom they are for.
    """
    over = limits(now=now, today=in_london(now).date())
    gone: Counter[tuple[int, Ended]] = Counter()
    messages: Counter[tuple[int, Ended]] = Counter()
    most = AT_ONCE * A_ROUND
    for consultation_id, why, ids in _over(session, over):
        gone[consultation_id, why] += len(ids)
        messages[consultation_id, why] += _forget(session, ids)
        if gone.total() >= most:
            break
    more = gone.total() >= most
    if not more:
        for consultation_id, count in _forget_postal(session, over).items():
            gone[consultation_id, Ended.FED_BACK] += count
    for (consultation_id, why), count in sorted(gone.items()):
        _write_down(session, consultation_id, now, count, messages[consultation_id, why], why)
    more = more or _empty_old_messages(session, now, most)
    session.flush()
    return more


def list_runs(session: Session, consultation_id: int | None = None) -> Sequence[RetentionRun]:
    """Return what was deleted, the latest first; of one consultation, or of all."""
    rows = select(RetentionRun).order_by(RetentionRun.ran_at.desc(), RetentionRun.id.desc()).limit(200)
    if consultation_id is not None:
        rows = rows.where(RetentionRun.consultation_id == consultation_id)
    return session.scalars(rows).all()


def _over(session: Session, over: Limits) -> Iterator[tuple[int, Ended, Sequence[UUID]]]:
    """Yield the contacts whose purpose has ended, up to `AT_ONCE` of one consultation, and why.

    Each lot has to be deleted before the next is asked for.
    """
    for why, statement in _statements(over).items():
        theirs = statement.with_only_columns(Contact.consultation_id).distinct()
        for consultation_id in sorted(session.scalars(theirs).all()):
            own = statement.where(Contact.consultation_id == consultation_id).order_by(Contact.id)
            while ids := session.scalars(own.limit(AT_ONCE)).all():
                yield consultation_id, why, ids


def _statements(over: Limits) -> Mapping[Ended, Select[UUID]]:
    """Return what finds the contacts of each ending: `retention_rules.ended` as statements, in its order."""
    unsubscribed = Contact.unsubscribed_on <= over.unsubscribed_on
    contacts = select(Contact.id)
    of_those = contacts.join(Consultation, Consultation.id == Contact.consultation_id)
    fed_back = of_those.where(Consultation.fed_back_at <= over.fed_back_at, Contact.wants_updates.is_(False))
    return {
        Ended.UNSUBSCRIBED: contacts.where(unsubscribed),
        Ended.UPDATES_OVER: of_those.where(Consultation.fed_back_at <= over.updates_from),
        Ended.FED_BACK: fed_back,
    }


def _forget(session: Session, ids: Sequence[UUID]) -> int:
    """Delete contacts and what was written to them; return how many messages that were."""
    listed = select(Delivery.message_id).where(Delivery.contact_id.in_(ids), Delivery.message_id.is_not(None))
    sent = delete(OutboxMessage).where(OutboxMessage.id.in_(listed)).returning(OutboxMessage.id)
    count = len(session.scalars(sent, execution_options=AS_IT_STANDS).all())
    session.execute(delete(Contact).where(Contact.id.in_(ids)), execution_options=AS_IT_STANDS)
    return count


def _forget_postal(session: Session, over: Limits) -> Counter[int]:
    """Delete the postal addresses whose letters are long posted; they are too few for rounds."""
    done = select(Consultation.id).where(Consultation.fed_back_at <= over.fed_back_at)
    gone: Counter[int] = Counter()
    while True:
        lot = select(PostalContact.id).where(PostalContact.consultation_id.in_(done))
        chosen = PostalContact.id.in_(lot.order_by(PostalContact.id).limit(AT_ONCE))
        deleted = delete(PostalContact).where(chosen).returning(PostalContact.consultation_id)
        found = session.scalars(deleted, execution_options=AS_IT_STANDS).all()
        gone.update(found)
        if len(found) < AT_ONCE:
            return gone


def _empty_old_messages(session: Session, now: datetime, most: int) -> bool:
    """Take the addresses out of old messages, at most so many; tell whether there may be more."""
    before = now - MESSAGES_KEPT
    emptied = outbox.forget_recipients(session, before=before, limit=most)
    jobs.forget_done(session, before=before)
    if emptied:
        _write_down(session, None, now, 0, emptied, OLD_MESSAGES)
    return emptied == most


def _write_down(
    session: Session, consultation_id: int | None, now: datetime, contacts: int, messages: int, why: str
) -> None:
    session.add(
        RetentionRun(
            consultation_id=consultation_id, ran_at=now, contacts=contacts, messages=messages, reason=str(why)
        )
    )


def _ask(session: Session, day: str, number: int, now: datetime) -> None:
    key = f"{RETENTION}:{day}:{number}"
    jobs.ask(session, name=RETENTION, arguments={"day": day, "round": number}, at=now, key=key)


TASKS: dict[str, Task] = {RETENTION: retain}
PERIODIC: dict[str, Periodic] = {"feedback.begin_retention": begin}
