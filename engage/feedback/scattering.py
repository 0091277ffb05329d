"""Laying addresses out anew, so that how they lie does not tell in which order people answered.

On SQLite they always lie in the order of their random keys (WITHOUT ROWID). On PostgreSQL a row names the
transaction that wrote it and lies where that one put it, so those of the last two days are taken out and put
back by one transaction, in the order of their keys. Whoever is in the ledger already stays: feedback comes
long after the last response, and the ledger's own rows follow the random keys.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from engage.foundations.clock import in_london
from engage.foundations.database import is_sqlite

EVERY_MINUTES = 5
# Each row is laid out with all of its own day, so that which run wrote it says no more than `left_on`.
DAYS = timedelta(days=1)
# Whoever leaves an address meanwhile waits for no longer than this, however busy the table is.
PATIENCE = "2s"
TABLES = {"contact": "contact_id", "postal_contact": "postal_id"}


def scatter_when_due(session: Session, now: datetime) -> None:
    """Lay addresses out anew every few minutes, if one was left since."""
    if is_sqlite(session) or now.minute % EVERY_MINUTES:
        return
    for table in TABLES:
        if _tells(session, table, now):
            scatter(session, table, now)


def scatter(session: Session, table: str, now: datetime) -> None:
    """Write the addresses of these days again: each by this transaction, in the order of its key."""
    if is_sqlite(session):
        return
    names = ", ".join(
        session.scalars(
            text(
                "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_name = :table "
                "AND table_schema = current_schema() ORDER BY ordinal_position"
            ),
            {"table": table},
        )
    )
    for statement in (
        f"SET LOCAL lock_timeout = '{PATIENCE}'",
        f"LOCK TABLE {table} IN EXCLUSIVE MODE",
        f"CREATE TEMPORARY TABLE {table}_kept ON COMMIT DROP AS SELECT {names} {_recent(table, now)}",
        f"DELETE FROM {table} USING {table}_kept WHERE {table}.id = {table}_kept.id",  # noqa: S608
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_kept ORDER BY id",  # noqa: S608
    ):
        session.execute(text(statement))


def _tells(session: Session, table: str, now: datetime) -> bool:
    """Tell whether these days' addresses were written by more than one transaction."""
    written = f"SELECT DISTINCT {table}.xmin::text {_recent(table, now)} LIMIT 2"
    return bool(session.scalar(text(f"SELECT count(*) FROM ({written}) AS written")) > 1)  # noqa: S608


def _recent(table: str, now: datetime) -> str:
    since = (in_london(now).date() - DAYS).isoformat()
    listed = f"SELECT 1 FROM feedback_delivery WHERE feedback_delivery.{TABLES[table]} = {table}.id"  # noqa: S608
    return f"FROM {table} WHERE left_on >= '{since}' AND NOT EXISTS ({listed})"
