"""What the worker does for accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.foundations.tasks import Periodic, Task
from engage.people import keys, mails, resetting


def send_reset(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Mail the way to a new password to whoever has an address, if anybody has."""
    resetting.send(session, email=arguments["email"], now=now)


TASKS: dict[str, Task] = {resetting.SEND: send_reset}
PERIODIC: dict[str, Periodic] = {
    "people.forget_asked": resetting.forget_asked,
    "people.forget_old_keys": keys.forget_old,
    "people.forget_sent_keys": mails.forget_sent_keys,
}
