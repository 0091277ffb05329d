"""What the worker does for consultations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.consultations import queries, service
from engage.foundations.refusals import Refused

WORKER = "Engage (by itself)"

TASKS: dict[str, Callable[[Session, datetime, dict[str, Any]], None]] = {}


def close_those_due(session: Session, now: datetime) -> None:
    """Record the closing of every consultation whose time to answer is over."""
    for consultation in queries.due_to_close(session, now):
        try:
            service.close(session, actor=WORKER, now=now, consultation_id=consultation.id)
        except Refused:
            # An officer pressed the button in the meantime, which is just as well.
            continue


PERIODIC: dict[str, Callable[[Session, datetime], None]] = {"consultations.close_those_due": close_those_due}
