"""A database with a row in every table, for tests of migrations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Enum,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from engage.foundations.database import Base, Moment

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

# Where a column's type alone does not say what its constraints allow.
SAID: dict[str, dict[str, Any]] = {
    "area": {"tile_row": 1, "tile_column": 1},
    "consultation": {"state": "planned"},
    "entry": {
        "closes_at": NOON + timedelta(days=60),
        "plan_year": 2028,
        "consultation_year": 2026,
        "cancelled_reason": "",
    },
    "decision": {"label": "", "subject": "priority"},
    "extension": {"closes_after": NOON + timedelta(days=7)},
    "feedback": {
        "approved_by": None,
        "signed_off_reason": "",
        "submitted_by": None,
        "target_percent": 95,
    },
    "feedback_delivery": {"route": "cascade", "state": "due"},
    "job": {"state": "queued"},
    "link": {"kind": "group"},
    "newsletter": {"until": NOON + timedelta(days=30)},
    "outbox_message": {"state": "queued"},
    "overlap_decision": {"entry_id": 1, "other_id": 2},
    "paper_batch": {"channel": "paper"},
    "person": {"role": "administrator", "email": "officer@example.test"},
    "plan_version": {"approved_by_id": None},
    "response_revision": {"kind": "submitted", "answers": {"area": {"area": "undisclosed"}}},
}

# What a table holds besides its first row, where another table needs two of it.
ANOTHER: dict[str, dict[str, Any]] = {
    "entry": {"id": 2, "slug": "another", "uid": UUID("7f5f0d0c-2f0e-4d7e-9a3c-5d8a4a6c1b12")},
}


def fill(connection: Connection) -> None:
    """Put one row into every table, parents first."""
    held: dict[str, dict[str, Any]] = {}
    for table in Base.metadata.sorted_tables:
        held[table.name] = row = _row(table, held)
        connection.execute(table.insert().values(row))
        if another := ANOTHER.get(table.name):
            connection.execute(table.insert().values(row | another))


def _row(table: Table, held: dict[str, dict[str, Any]]) -> dict[str, Any]:
    said = SAID.get(table.name, {})
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name in said:
            row[column.name] = said[column.name]
        elif column.foreign_keys:
            parent = next(iter(column.foreign_keys)).column
            if parent.table is not table:
                row[column.name] = held[parent.table.name][parent.name]
        elif not column.nullable:
            row[column.name] = _value(column)
    return row


def _value(column: Column[Any]) -> Any:
    for kind, value in VALUES:
        if isinstance(column.type, kind):
            if isinstance(column.type, Enum):
                return column.type.enums[0]
            return value
    raise TypeError(f"say in SAID what {column} may hold")


# The first that fits, so a kind comes before the kind it is made from.
VALUES: tuple[tuple[type[Any], Any], ...] = (
    (Enum, None),
    (Moment, NOON),
    (Date, date(2026, 11, 2)),
    (Boolean, True),
    (Integer, 1),
    (LargeBinary, b"k" * 32),
    (JSON, {"held": "yes"}),
    (Uuid, UUID("0f5f0d0c-2f0e-4d7e-9a3c-5d8a4a6c1b11")),
    (String, "abc"),
)
