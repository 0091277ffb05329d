"""The statements that store a response: the shortest and most frequent transaction of the platform.

On PostgreSQL a response and its first revision are one statement, because each is a round trip; SQLite has
no statement that adds to two tables.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.dml import ReturningInsert

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations.prepared import Prepared
from engage.responses.models import Response, ResponseRevision, RevisionKind

COLUMNS = (
    "consultation_id",
    "instrument_id",
    "version_id",
    "channel",
    "area_code",
    "group_id",
    "received_at",
    "submission_key",
    "receipt_hash",
    "synthetic",
)
REVISION_COLUMNS = ("response_id", "number", "kind", "answers")


def store(connection: Connection, values: dict[str, Any]) -> int | None:
    """Store a response with its first revision and return its id.

    None, and nothing stored, where its consultation is not open at `now` or its form was sent before.
    `values`: the `COLUMNS`, `answers`, and `now`.
    """
    response_id: int | None
    if connection.dialect.name == "postgresql":
        response_id = _STORE_BOTH.run(connection, values)
        return response_id
    response_id = _STORE_RESPONSE.run(connection, values)
    if response_id is not None:
        _STORE_REVISION.run(connection, {"response_id": response_id, "answers": values["answers"]})
    return response_id


def _response(dialect: str) -> ReturningInsert[int]:
    table = Response.__table__
    source = select(*(bindparam(name, type_=table.c[name].type) for name in COLUMNS)).where(
        Consultation.id == bindparam("consultation_id"),
        Consultation.state == State.OPEN,
        Consultation.closes_at > bindparam("now", type_=table.c.received_at.type),
    )
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return build(Response).from_select(list(COLUMNS), source).on_conflict_do_nothing().returning(Response.id)


def _revision(dialect: str) -> ClauseElement:
    return insert(ResponseRevision).from_select(
        REVISION_COLUMNS, select(*_first(bindparam("response_id", type_=Response.id.type)))
    )


def _both(dialect: str) -> ClauseElement:
    new = _response(dialect).cte("new")
    return (
        insert(ResponseRevision)
        .from_select(REVISION_COLUMNS, select(*_first(new.c.id)))
        .returning(ResponseRevision.response_id)
    )


def _first(response_id: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    """Return what the first revision of a response says."""
    table = ResponseRevision.__table__
    return (
        response_id,
        literal(1),
        literal(RevisionKind.SUBMITTED, table.c.kind.type),
        bindparam("answers", type_=table.c.answers.type),
    )


_STORE_RESPONSE = Prepared(_response)
_STORE_REVISION = Prepared(_revision)
_STORE_BOTH = Prepared(_both)
