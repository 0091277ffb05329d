"""What the worker does for feedback."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from engage.consultations.queries import get_consultation_by_id
from engage.feedback import mails, queries
from engage.feedback.figures import figures
from engage.feedback.ledger import motion, others, reminding
from engage.feedback.ledger import queries as ledgers
from engage.feedback.ledger import service as ledger
from engage.feedback.ledger.following import follow as follow_messages
from engage.feedback.ledger.mails import passing_on
from engage.feedback.models import Feedback
from engage.feedback.rules import Route
from engage.feedback.scattering import scatter_when_due
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox
from engage.outbox.models import Mailing
from engage.outbox.queries import find_mailing
from engage.outbox.way_out import Way, way_of

# How often a ledger in which nothing seems to move is looked at all the same: mail comes back days later.
EVERY_MINUTES = 15


def mail_out(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """List the next chunk of those who left an address, with a message for each."""
    feedback = queries.get_feedback(session, arguments["feedback_id"])
    settings = current_app.config["SETTINGS"]
    ledger.list_owed(
        session,
        feedback=feedback,
        mailing=find_mailing(session, motion.mailing_key(feedback.id)) or _written(session, feedback, now),
        after=UUID(arguments["after"]) if arguments["after"] else None,
        way_out=mails.way_out,
        now=now,
        reason=arguments["reason"],
        per_minute=settings.feedback_per_minute,
        route=Route.NOTIFY if way_of(settings) is Way.NOTIFY else Route.EMAIL,
    )


def pass_on(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """List the groups and the postal contacts who are owed the feedback, and write to the groups."""
    feedback = queries.get_feedback(session, arguments["feedback_id"])
    others.list_postal(session, feedback)
    others.list_groups(session, feedback)
    due = ledgers.due_groups(session, feedback.id)
    if not due:
        return
    key = motion.cascade_key(feedback.id)
    mailing = find_mailing(session, key) or _written_to_groups(session, feedback, key, now)
    others.write_to_groups(session, due=due, mailing=mailing, now=now)


def settle(session: Session, now: datetime) -> None:
    """Bring the ledgers up to date in which something moves; the others, each quarter of an hour."""
    followed = motion.followed(session, now)
    if not followed:
        return
    begun = now.replace(minute=now.minute - now.minute % EVERY_MINUTES, second=0, microsecond=0)
    ledger.ask_to_settle(session, None, at=begun + timedelta(minutes=EVERY_MINUTES))
    _settle(session, motion.in_motion(session, followed, now), now)


def settle_asked(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Bring one ledger up to date, or all that may still change."""
    followed = motion.followed(session, now)
    asked = arguments["feedback_id"]
    _settle(session, [id for id in followed if asked in (None, id)], now)


def _settle(session: Session, feedback_ids: Collection[int], now: datetime) -> None:
    """Write down what became of messages, and mark as fed back what has come to everybody who is owed it."""
    if not feedback_ids:
        return
    follow_messages(session, now, feedback_ids)
    for feedback_id in sorted(feedback_ids):
        others.pick_up_addresses(session, feedback_id=feedback_id, now=now)
    for feedback_id in motion.unsettled(session, feedback_ids):
        ledger.settle(session, feedback_id=feedback_id, now=now)


def _written(session: Session, feedback: Feedback, now: datetime) -> Mailing:
    """Return the mail with the result, written once: however many chunks there are, all have this text."""
    consultation = get_consultation_by_id(session, feedback.consultation_id)
    threshold = current_app.config["SETTINGS"].disclosure_threshold
    text = mails.result_mail(consultation, feedback, figures(session, consultation.id, threshold=threshold))
    return outbox.add_mailing(
        session,
        key=motion.mailing_key(feedback.id),
        subject=text.subject,
        text_body=text.plain,
        html_body=text.html,
        now=now,
    )


def _written_to_groups(session: Session, feedback: Feedback, key: str, now: datetime) -> Mailing:
    subject, text = passing_on(get_consultation_by_id(session, feedback.consultation_id))
    return outbox.add_mailing(session, key=key, subject=subject, text_body=text, html_body=None, now=now)


TASKS: dict[str, Task] = {
    ledger.MAIL_OUT: mail_out,
    ledger.BY_GROUPS: pass_on,
    ledger.SETTLE: settle_asked,
}
PERIODIC: dict[str, Periodic] = {
    "feedback.settle": settle,
    "feedback.remind_officers": reminding.remind_officers,
    "feedback.scatter_addresses": scatter_when_due,
}
