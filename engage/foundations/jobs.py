"""Work done after the request, by whichever worker claims it first.

A row is inserted in the caller's transaction, claimed with a lease and a fencing token, and finished in the
transaction that holds its effects. A worker that dies loses its lease; one that comes back late finds its
fence broken and changes nothing. So every effect in the database happens once.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from engage.foundations.database import Base, Document, Moment, one_of


class JobState(StrEnum):
    """Where a piece of work stands. A dead one has failed too often and waits for a person."""

    QUEUED = "queued"
    DONE = "done"
    DEAD = "dead"


class Claimable:
    """Columns of a table whose rows are work. Claimed means queued with a lease in the future."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[JobState] = mapped_column(one_of(JobState, "state_known"), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    fence: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(Moment)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_has_a_moment"),
            Index(None, "state", "not_before", "id"),
        )


class Job(Claimable, Base):
    """A named task with plain arguments; `key` makes asking for the same work twice harmless."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(Document)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
