"""Complaints are honoured at once: whoever calls a message of ours unwanted is written to no more.

`engage bounce` reads the report and asks for this; no person is asked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from engage.distribution.panels import service as panels
from engage.feedback.complaint_rules import About, stopped_by
from engage.foundations.clock import in_london
from engage.foundations.tasks import Task
from engage.outbox.bounces import COMPLAINT
from engage.responses import contacts
from engage.timetable.subscriptions import service as subscriptions

log = structlog.get_logger("engage.complaints")


def honour(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Stop what the message belonged to: a consultation's mail, the news, or being on a panel."""
    stopped = stopped_by(arguments["key"])
    if stopped is None:
        log.info("complaint.of_no_list")
        return
    if stopped.about is About.CONSULTATION:
        contacts.unsubscribe(session, contact_id=stopped.id, today=in_london(now).date())
    elif stopped.about is About.NEWS:
        subscriptions.stop(session, subscription_id=stopped.id)
    else:
        panels.leave(session, panellist_id=stopped.id)
    log.info("complaint.honoured", about=stopped.about)


TASKS: dict[str, Task] = {COMPLAINT: honour}
