"""What the worker does for subscriptions: the day's news at seven, and forgetting."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from engage.foundations import jobs
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox
from engage.timetable.subscriptions import mails, service
from engage.timetable.subscriptions.rules import KEPT_AFTER_SENDING, SETTLING, digest_day

DIGEST = "timetable.digest"
# Days whose messages are looked for: a worker may have rested for some.
DAYS_LOOKED_BACK = 7


def begin_digest(session: Session, now: datetime) -> None:
    """Ask for the day's news once its hour has come; however often, it is told once."""
    day = digest_day(now)
    if day is None:
        return
    arguments = {"day": day.isoformat(), "until": (now - SETTLING).isoformat(), "after": None}
    jobs.ask(session, name=DIGEST, arguments=arguments, at=now, key=f"{DIGEST}:{day.isoformat()}")


def digest(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Write to one batch of readers, and ask for the next."""
    day = date.fromisoformat(arguments["day"])
    if arguments["after"] is None:
        _forget_sent(session, day)
    last = service.tell(
        session,
        day=day,
        until=datetime.fromisoformat(arguments["until"]),
        after=UUID(arguments["after"]) if arguments["after"] else None,
        now=now,
        per_minute=current_app.config["SETTINGS"].feedback_per_minute,
    )
    if last is not None:
        key = f"{DIGEST}:{day.isoformat()}:{last.hex}"
        jobs.ask(session, name=DIGEST, arguments=arguments | {"after": str(last)}, at=now, key=key)


def _forget_sent(session: Session, day: date) -> None:
    oldest = day - KEPT_AFTER_SENDING
    for back in range(DAYS_LOOKED_BACK):
        service.forget_sent(session, day=oldest - timedelta(days=back))


def forget_asked(session: Session, now: datetime) -> None:
    """Empty the messages that asked somebody once they have left, and delete them after a week."""
    outbox.forget_secrets(session, prefix=mails.ASKING, now=now, keep=KEPT_AFTER_SENDING)


TASKS: dict[str, Task] = {DIGEST: digest}
PERIODIC: dict[str, Periodic] = {
    "timetable.begin_digest": begin_digest,
    "timetable.forget_unconfirmed": service.forget_unconfirmed,
    "timetable.forget_asked": forget_asked,
}
