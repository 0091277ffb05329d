"""Writing in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down, in the caller's transaction, that `actor` did `action` (`entry.added`) to `subject`.

    `subject` is a kind and a name (`entry:policing-priorities-2028-29`). `details` are plain values that JSON
    holds, never an answer nor an address that somebody left.
    """
    session.add(
        AuditEvent(actor=actor, action=action, subject=subject, happened_at=at, details=dict(details or {}))
    )
    session.flush()
