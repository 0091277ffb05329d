"""Events of the audit log for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent


def make_event(session: Session, **overrides: Any) -> AuditEvent:
    """Return a stored event: an officer who adds an entry, unless told otherwise."""
    values: dict[str, Any] = {
        "happened_at": datetime(2026, 7, 1, 11, 30, tzinfo=UTC),
        "actor": "Ada <ada@example.test>",
        "action": "entry.added",
        "subject": "entry:autumn",
        "details": {},
    }
    event = AuditEvent(**(values | overrides))
    session.add(event)
    session.flush()
    return event
