"""What the worker does for updates: once a day it tells what is new, to those who asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from engage.feedback.updates import rules, service
from engage.foundations import jobs
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox

GATHER = "feedback.gather_updates"


def begin_updates(session: Session, now: datetime) -> None:
    """Ask for the day's updates once their hour has come; however often, they are sent once."""
    day = rules.update_day(now)
    if day is None:
        return
    arguments = {"day": day.isoformat(), "until": (now - rules.SETTLING).isoformat()}
    jobs.ask(session, name=GATHER, arguments=arguments, at=now, key=f"{GATHER}:{day.isoformat()}")


def gather(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Begin the updates of every consultation that has news, and forget addresses of long ago."""
    outbox.forget_secrets(session, prefix=rules.PREFIX, now=now, keep=rules.KEPT_AFTER_SENDING)
    service.begin(
        session,
        day=date.fromisoformat(arguments["day"]),
        until=datetime.fromisoformat(arguments["until"]),
        threshold=current_app.config["SETTINGS"].disclosure_threshold,
        now=now,
    )


def mail(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Send one chunk, and ask for the next."""
    per_minute = current_app.config["SETTINGS"].feedback_per_minute
    service.mail_chunk(session, arguments=arguments, now=now, per_minute=per_minute)


TASKS: dict[str, Task] = {GATHER: gather, service.MAIL: mail}
PERIODIC: dict[str, Periodic] = {"feedback.begin_updates": begin_updates}
