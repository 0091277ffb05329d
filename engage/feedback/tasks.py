"""What the worker does for feedback."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from engage.consultations.queries import get_consultation_by_id
from engage.feedback import mails, queries, service
from engage.feedback.figures import figures
from engage.feedback.ledger import others, reminding
from engage.feedback.ledger import queries as ledgers
from engage.feedback.ledger import service as ledger
from engage.feedback.ledger.following import cascade_key
from engage.feedback.ledger.following import follow as follow_messages
from engage.feedback.ledger.mails import passing_on
from engage.feedback.scattering import scatter_when_due
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox


def mail_out(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """List the next chunk of those who left an address, with a message for each."""
    feedback = queries.get_feedback(session, arguments["feedback_id"])
    consultation = get_consultation_by_id(session, feedback.consultation_id)
    threshold = current_app.config["SETTINGS"].disclosure_threshold
    text = mails.result_mail(consultation, feedback, figures(session, consultation.id, threshold=threshold))
    mailing = outbox.add_mailing(
        session,
        key=service.mailing_key(feedback),
        subject=text.subject,
        text_body=text.plain,
        html_body=text.html,
        now=now,
    )
    ledger.list_owed(
        session,
        feedback=feedback,
        mailing=mailing,
        after=UUID(arguments["after"]) if arguments["after"] else None,
        way_out=mails.way_out,
        now=now,
        reason=arguments["reason"],
        per_minute=current_app.config["SETTINGS"].feedback_per_minute,
    )


def pass_on(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """List the groups and the postal contacts who are owed the feedback, and write to the groups."""
    feedback = queries.get_feedback(session, arguments["feedback_id"])
    consultation = get_consultation_by_id(session, feedback.consultation_id)
    others.list_postal(session, feedback)
    others.list_groups(session, feedback)
    due = ledgers.due_groups(session, feedback.id)
    if not due:
        return
    subject, text = passing_on(consultation)
    mailing = outbox.add_mailing(
        session,
        key=cascade_key(feedback.id),
        subject=subject,
        text_body=text,
        html_body=None,
        now=now,
    )
    others.write_to_groups(session, due=due, mailing=mailing, now=now)


def settle(session: Session, now: datetime) -> None:
    """Bring the ledger up to date, and mark as fed back what has come to everybody who is owed it."""
    follow_messages(session, now)
    for feedback_id in ledgers.unsettled(session):
        ledger.settle(session, feedback_id=feedback_id, now=now)


TASKS: dict[str, Task] = {ledger.MAIL_OUT: mail_out, ledger.BY_GROUPS: pass_on}
PERIODIC: dict[str, Periodic] = {
    "feedback.settle": settle,
    "feedback.remind_officers": reminding.remind_officers,
    "feedback.scatter_addresses": scatter_when_due,
}
