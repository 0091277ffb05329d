"""Holding an entry still while it is changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.timetable.models import Entry


def hold_entry(session: Session, entry_id: int) -> Entry:
    """Return the entry as it is now and keep others from changing it until the transaction ends."""
    statement = select(Entry).where(Entry.id == entry_id).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()
