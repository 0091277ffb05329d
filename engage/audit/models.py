"""Who did what and when. Rows are only ever added: triggers in the database refuse anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Document, Moment


class AuditEvent(Base):
    """One thing that somebody did.

    `actor` is written out, so that the log reads the same when the person has left; `subject` is a kind and
    a name (`consultation:policing-priorities-2028-29`). `details` never holds an answer or an address left.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(400))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(Document)
