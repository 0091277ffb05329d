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
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox


def mail_out(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """List the next chunk of those who are owed the feedback, with a message for each."""
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
    service.list_owed(
        session,
        feedback=feedback,
        mailing=mailing,
        after=UUID(arguments["after"]) if arguments["after"] else None,
        way_out=mails.way_out,
        now=now,
        reason=arguments["reason"],
    )


def settle(session: Session, now: datetime) -> None:
    """Mark as fed back what has come to everybody who is owed it."""
    for feedback_id in queries.unsettled(session):
        service.settle(session, feedback_id=feedback_id, now=now)


TASKS: dict[str, Task] = {service.MAIL_OUT: mail_out}
PERIODIC: dict[str, Periodic] = {"feedback.settle": settle}
