"""What every change of an entry does first and last: hold it still, and write down what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.timetable.models import Entry


def hold_entry(session: Session, entry_id: int) -> Entry:
    """Return the entry as it is now and keep others from changing it until the transaction ends."""
    statement = select(Entry).where(Entry.id == entry_id).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def write_down(
    session: Session, entry: Entry, action: str, *, actor: str, now: datetime, **details: object
) -> None:
    """Write in the audit log what was done with the entry."""
    audit.record(session, actor=actor, action=action, subject=f"entry:{entry.slug}", at=now, details=details)
