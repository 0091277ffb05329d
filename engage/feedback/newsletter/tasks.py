"""What the worker does for the newsletter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from engage.feedback.newsletter import rules, service
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox


def send(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Send one batch, and ask for the next."""
    per_minute = current_app.config["SETTINGS"].feedback_per_minute
    service.send_batch(session, arguments=arguments, now=now, per_minute=per_minute)


def forget_sent(session: Session, now: datetime) -> None:
    """Empty the messages that have left, and delete them with their addresses after a week."""
    for prefix in (rules.PREFIX, rules.TRIED):
        outbox.forget_secrets(session, prefix=prefix, now=now, keep=rules.KEPT_AFTER_SENDING)


TASKS: dict[str, Task] = {service.SEND: send}
PERIODIC: dict[str, Periodic] = {"newsletter.forget_sent": forget_sent}
