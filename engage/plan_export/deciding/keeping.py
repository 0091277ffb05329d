"""What deciding keeps, each time with a line in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.consultations.models import Consultation
from engage.foundations.database import Base


def keep(
    session: Session,
    row: Base,
    *,
    actor: str,
    now: datetime,
    consultation: Consultation,
    action: str,
    details: Mapping[str, Any],
) -> None:
    """Store a row and write in the log of its consultation that `actor` did `action`."""
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"consultation:{consultation.slug}",
        at=now,
        details=details,
    )
