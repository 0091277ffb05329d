"""Work done after the request, by whichever worker claims it first.

A row is inserted in the caller's transaction, claimed with a lease and a fencing token, and finished in the
transaction that holds its effects. A worker that dies loses its lease; one that comes back late finds its
fence broken and changes nothing. So every effect in the database happens once.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql.dml import Update

from engage.foundations.database import Base, Document, Moment, one_of, writing
from engage.foundations.inserts import insert_new


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
    def __table_args__(cls) -> tuple[SchemaItem, ...]:  # noqa: N805
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


Work = TypeVar("Work", bound=Claimable)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long failed work waits: `first` after the first failure, doubling up to `longest`."""

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=4)

    def wait(self, attempts: int, chance: float) -> timedelta:
        """Return the wait after `attempts` failures; `chance` (0 to 1) spreads it by a quarter either way."""
        doubled = self.first * (1 << min(max(attempts, 1) - 1, 30))
        return min(doubled, self.longest) * (0.75 + chance / 2)


DEFAULT_BACKOFF = Backoff()


def ask(
    session: Session, *, name: str, arguments: dict[str, Any], at: datetime, key: str | None = None
) -> None:
    """Queue the task `name` for `at`, with the transaction; asking again with the same `key` does nothing."""
    row = {"name": name, "arguments": arguments, "not_before": at, "key": key}
    insert_new(session, Job, [row], conflict=("key",))


def any_due(session: Session, model: type[Claimable], *, at: datetime) -> bool:
    """Tell whether there is something to claim, without asking for the write lock."""
    return session.scalar(select(model.id).where(_due(model, at)).limit(1)) is not None


def claim(session: Session, model: type[Work], *, at: datetime, limit: int, lease: timedelta) -> list[Work]:
    """Claim up to `limit` due rows until `at + lease`, oldest first; commit before working on them.

    No row goes to two claimers: on PostgreSQL rows that another holds are skipped, on SQLite claimers queue
    for the write lock. Each claim counts as an attempt and raises the fence.
    """
    due = select(model.id).where(_due(model, at)).order_by(model.not_before, model.id).limit(limit)
    with writing():
        ids = session.scalars(due.with_for_update(skip_locked=True)).all()
    if not ids:
        return []
    changes = {"fence": model.fence + 1, "attempts": model.attempts + 1, "lease_until": at + lease}
    claimed = session.scalars(
        update(model).where(model.id.in_(ids)).values(changes).returning(model),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    return sorted(claimed, key=lambda row: (row.not_before, row.id))


def finish(session: Session, model: type[Claimable], *, id: int, fence: int, at: datetime) -> bool:
    """Mark claimed work done. False, and nothing changed, where somebody else has claimed it since."""
    held = {"held_ids": [id], "held_fence": fence, "moment": at}
    statement = _finishing(_table(model)).returning(_table(model).c.id)
    return session.connection().execute(statement, held).first() is not None


def finish_all(
    session: Session, model: type[Claimable], *, held: Sequence[tuple[int, int]], at: datetime
) -> None:
    """Mark several done, each by its id and fence; what somebody else has claimed since is left alone.

    One statement for each fence: rows claimed together mostly have the same.
    """
    by_fence: dict[int, list[int]] = defaultdict(list)
    for id, fence in held:
        by_fence[fence].append(id)
    for fence, ids in by_fence.items():
        values = {"held_ids": ids, "held_fence": fence, "moment": at}
        session.connection().execute(_finishing(_table(model)), values)


def fail(
    session: Session,
    model: type[Claimable],
    *,
    id: int,
    fence: int,
    at: datetime,
    error: str,
    most_attempts: int,
    backoff: Backoff = DEFAULT_BACKOFF,
) -> bool:
    """Put claimed work back for later, or declare it dead after `most_attempts` (0: at once).

    False, and nothing changed, where the fence is broken.
    """
    held = select(model.attempts).where(_held(model, id, fence)).with_for_update()
    attempts = session.scalar(held)
    if attempts is None:
        return False
    if attempts >= most_attempts:
        return _change(session, model, id, fence, state=JobState.DEAD, lease_until=None, last_error=error)
    again = at + backoff.wait(attempts, random.random())
    return _change(session, model, id, fence, not_before=again, lease_until=None, last_error=error)


def give_back(session: Session, model: type[Claimable], *, id: int, fence: int) -> bool:
    """Return claimed work untried, so that the claim does not count as an attempt."""
    return _change(session, model, id, fence, attempts=model.attempts - 1, lease_until=None)


def forget_done(session: Session, *, before: datetime) -> None:
    """Delete the jobs that were done before a moment."""
    done = delete(Job).where(Job.state == JobState.DONE, Job.done_at < before)
    session.execute(done, execution_options={"synchronize_session": False})


def revive(session: Session, model: type[Claimable], *, id: int, at: datetime) -> bool:
    """Queue dead work again with all its attempts. False, and nothing changed, where it is not dead."""
    statement = (
        update(model)
        .where(model.id == id, model.state == JobState.DEAD)
        .values(state=JobState.QUEUED, attempts=0, not_before=at, fence=model.fence + 1)
        .returning(model.id)
    )
    return session.scalar(statement, execution_options={"synchronize_session": False}) is not None


def _due(model: type[Claimable], at: datetime) -> ColumnElement[bool]:
    return and_(
        model.state == JobState.QUEUED,
        model.not_before <= at,
        or_(model.lease_until.is_(None), model.lease_until <= at),
    )


def _held(model: type[Claimable], id: int, fence: int) -> ColumnElement[bool]:
    return and_(model.id == id, model.fence == fence, model.state == JobState.QUEUED)


@cache
def _finishing(table: Table) -> Update:
    """Return the statement that marks work done, made once: it runs for every message that leaves."""
    done: dict[str, Any] = {
        "state": JobState.DONE,
        "done_at": bindparam("moment"),
        "lease_until": None,
        "last_error": None,
    }
    return (
        update(table)
        .where(table.c.id.in_(bindparam("held_ids", expanding=True)))
        .where(table.c.fence == bindparam("held_fence"))
        .where(table.c.state == JobState.QUEUED)
        .values(done)
    )


def _table(model: type[Claimable]) -> Table:
    return cast(Table, inspect(model).local_table)


def _change(session: Session, model: type[Claimable], id: int, fence: int, **values: Any) -> bool:
    statement = update(model).where(_held(model, id, fence)).values(values).returning(model.id)
    return session.scalar(statement, execution_options={"synchronize_session": False}) is not None
