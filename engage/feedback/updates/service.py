"""Telling those who asked what became of the decisions: one message a consultation and day at most."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.consultations.queries import get_consultation_by_id
from engage.feedback.mails import way_out
from engage.feedback.queries import get_feedback
from engage.feedback.updates import queries
from engage.feedback.updates.mails import update_mail
from engage.feedback.updates.rules import key_of, message_key
from engage.foundations import jobs
from engage.outbox import service as outbox
from engage.outbox.service import Promise

MAIL = "feedback.mail_update"
CHUNK = 500
WORKER = "worker"


def begin(session: Session, *, day: date, until: datetime, threshold: int, now: datetime) -> None:
    """Write the update of every consultation with progress nobody was told of, and ask for it to be sent."""
    told = queries.told_until(session)
    for feedback_id, latest in queries.with_progress(session, until).items():
        since = told.get(feedback_id)
        if since is None or latest > since:
            _begin_one(session, feedback_id, day, since, until, threshold, now)


def _begin_one(
    session: Session,
    feedback_id: int,
    day: date,
    since: datetime | None,
    until: datetime,
    threshold: int,
    now: datetime,
) -> None:
    feedback = get_feedback(session, feedback_id)
    consultation = get_consultation_by_id(session, feedback.consultation_id)
    moved = queries.moved(session, consultation.id, since=since, until=until, threshold=threshold)
    if not moved or not queries.count_wanting(session, consultation.id):
        return
    text, key = update_mail(consultation, moved), key_of(feedback_id, day)
    # Its moment is how far it tells: the next one goes on from there.
    outbox.add_mailing(
        session, key=key, subject=text.subject, text_body=text.plain, html_body=text.html, now=until
    )
    asked = {
        "feedback_id": feedback_id,
        "update": key,
        "decisions": len(moved),
        "after": None,
        "addresses": 0,
    }
    jobs.ask(session, name=MAIL, arguments=asked, at=now, key=key)


def mail_chunk(session: Session, *, arguments: dict[str, Any], now: datetime, per_minute: int = 0) -> None:
    """Promise the update to the next chunk of those who want it, and ask for the one after; then count.

    No domain is sent more than `per_minute` of them (0: no limit).
    """
    key = arguments["update"]
    feedback = get_feedback(session, arguments["feedback_id"])
    contacts = queries.wanting(
        session,
        consultation_id=feedback.consultation_id,
        after=UUID(arguments["after"]) if arguments["after"] else None,
        limit=CHUNK,
    )
    if not contacts:
        _count(session, feedback.consultation_id, arguments, now)
        return
    messages = [
        Promise(message_key(key, one.id), one.address, {"unsubscribe_url": way_out(one.id)})
        for one in contacts
    ]
    mailing = queries.get_mailing(session, key)
    outbox.promise(session, mailing=mailing, messages=messages, now=now, per_minute=per_minute)
    last = contacts[-1].id
    following = arguments | {"after": str(last), "addresses": arguments["addresses"] + len(contacts)}
    jobs.ask(session, name=MAIL, arguments=following, at=now, key=f"{key}:{last.hex}")


def _count(session: Session, consultation_id: int, arguments: dict[str, Any], now: datetime) -> None:
    """Keep how many an update went to: the messages, with their addresses, are deleted later."""
    audit.record(
        session,
        actor=WORKER,
        action=queries.MAILED,
        subject=f"consultation:{get_consultation_by_id(session, consultation_id).slug}",
        at=now,
        details={name: arguments[name] for name in ("update", "decisions", "addresses")},
    )
