"""What the worker does for the analysis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from engage.analysis import queries, service
from engage.consultations.queries import list_consultations
from engage.consultations.rules import State
from engage.foundations.database import reading

COUNTED = frozenset({State.OPEN, State.CLOSED, State.ANALYSED})
OLD = timedelta(minutes=10)


def refresh_those_behind(session: Session, now: datetime) -> None:
    """Bring up to date the figures that are ten minutes old or more and lag behind the responses."""
    folder = queries.evidence_folder(current_app.config["SETTINGS"])
    with reading():
        prepared = [
            service.prepare(session, consultation_id=line.id, name=line.slug, now=now, folder=folder)
            for line in list_consultations(session)
            if line.state in COUNTED and _is_due(session, line.id, now)
        ]
    # The rows are written in a transaction of their own: a reading one cannot become a writing one.
    session.rollback()
    for found in prepared:
        service.record(session, prepared=found, now=now)


def _is_due(session: Session, consultation_id: int, now: datetime) -> bool:
    latest = queries.latest_snapshot(session, consultation_id)
    return latest is None or (latest.made_at <= now - OLD and queries.is_behind(session, latest, now))


PERIODIC: dict[str, Callable[[Session, datetime], None]] = {
    "analysis.refresh_those_behind": refresh_those_behind
}
