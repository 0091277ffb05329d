"""The database: one declarative base, SQLite and PostgreSQL under the same rules.

On SQLite a transaction that will write must say so when it begins: a reader that upgrades later is refused
at once, whatever the busy timeout. A request with an unsafe method writes; everybody else says `writing()`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, Enum, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from engage.foundations.turns import take_turn

BUSY_MILLISECONDS = 15_000
# 32 MB. Whoever commits the last of them waits while all are copied into place; most are the same few pages.
CHECKPOINT_PAGES = 8_000

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# None: as the request's method says.
_writing: ContextVar[bool | None] = ContextVar("writing", default=None)


class Base(DeclarativeBase):
    """Every table; names of constraints come from one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, with its session typed as what it stands for: services take a plain `Session`."""

    session: Session  # type: ignore[assignment]


db = Database(model_class=Base, session_options={"autoflush": False, "expire_on_commit": False})

# `none_as_null`: an absent document is SQL NULL, so that CHECK and IS NULL see it.
Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite hands back naive values and this makes them aware again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(kind: type[StrEnum], name: str) -> Enum:
    """Return a column type for the values of `kind`, with a CHECK called `name` on both databases."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside are for writing: on SQLite they queue for the write lock from the start."""
    with _intent(True):
        yield


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, even in a POST: for slow work that must not hold others up."""
    with _intent(False):
        yield


@contextmanager
def _intent(to_write: bool) -> Iterator[None]:
    token = _writing.set(to_write)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Commit what the block does to `session`, or nothing. For workers and commands; pages have their own."""
    with writing():
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def is_sqlite(session: Session) -> bool:
    """Tell whether `session` speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own BEGIN comes late and not before DDL; `_begin_sqlite` says it instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if writes := _will_write():
        take_turn(connection)
    # To the driver itself: this is part of nearly every request, and there is nothing to prepare.
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _will_write() -> bool:
    said = _writing.get()
    if said is not None:
        return said
    return has_request_context() and request.method in UNSAFE_METHODS


def engine_options(url: str) -> dict[str, Any]:
    """Return the engine options for `url`: PostgreSQL connections are checked before use."""
    if url.startswith("sqlite"):
        return {}
    return {"pool_pre_ping": False, "pool_size": 5, "max_overflow": 10, "pool_recycle": 300}
