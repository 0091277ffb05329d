"""The statements that store a response: the shortest and most frequent transaction of the platform.

On PostgreSQL a response and its first revision are one statement, because each is a round trip; SQLite has
no statement that adds to two tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, literal, not_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
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
    "synthetic",
)
_MOMENT = Response.__table__.c.received_at.type
REVISION_COLUMNS = ("response_id", "number", "kind", "answers")


def store(connection: Connection, values: dict[str, Any]) -> int | None:
    """Store a response with its first revision and return its id.

    None, and nothing stored, where its form was sent before, or its consultation is not open at `now` and it
    was not `began` in time for the grace; one that was is marked late. `values`: the `COLUMNS`, `answers`,
    `now` and `began`.
    """
    response_id: int | None
    if connection.dialect.name == "postgresql":
        response_id = _STORE_BOTH.run(connection, values)
        return response_id
    response_id = _STORE_RESPONSE.run(connection, values)
    if response_id is not None:
        _STORE_REVISION.run(connection, {"response_id": response_id, "answers": values["answers"]})
    return response_id


def store_rows(
    session: Session, rows: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]]
) -> Sequence[int]:
    """Store many responses, each with its revisions (see `revision`) in their order; return the ids.

    Whether each may be stored has been decided by the caller. One whose key is there already is a mistake of
    the caller's, which the database refuses.
    """
    new = insert(Response).returning(Response.id, sort_by_parameter_order=True)
    connection = session.connection()
    ids = connection.execute(new, [dict(response) for response, _ in rows]).scalars().all()
    numbered = [
        {"response_id": response_id, "number": number, **each}
        for response_id, (_, revisions) in zip(ids, rows, strict=True)
        for number, each in enumerate(revisions, start=1)
    ]
    connection.execute(insert(ResponseRevision), numbered)
    return ids


def revision(
    kind: RevisionKind, answers: Mapping[str, Any], equality: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a revision as `store_rows` takes it."""
    return {"kind": kind, "answers": dict(answers), "equality": equality}


def taken_late(session: Session, *, consultation_id: int, began: datetime, now: datetime) -> bool | None:
    """Tell whether what was begun at `began` and sent at `now` is late; None where it is not taken at all."""
    is_open, in_grace = _in_time(literal(now, _MOMENT), literal(began, _MOMENT))
    chosen = select(not_(is_open)).where(Consultation.id == consultation_id, or_(is_open, in_grace))
    return session.execute(chosen).scalar_one_or_none()


def _in_time(
    now: ColumnElement[datetime], began: ColumnElement[datetime]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what holds of a consultation that is open, and of one that takes what was begun in time."""
    is_open = and_(Consultation.state == State.OPEN, Consultation.closes_at > now)
    in_grace = and_(
        or_(Consultation.state == State.OPEN, Consultation.state == State.CLOSED),
        func.coalesce(Consultation.closed_at, Consultation.closes_at) > began,
        Consultation.grace_ends_at > now,
    )
    return is_open, in_grace


def _response(dialect: str) -> ReturningInsert[int]:
    table = Response.__table__
    is_open, in_grace = _in_time(bindparam("now", type_=_MOMENT), bindparam("began", type_=_MOMENT))
    given = (bindparam(name, type_=table.c[name].type) for name in COLUMNS)
    source = select(*given, not_(is_open)).where(
        Consultation.id == bindparam("consultation_id"), or_(is_open, in_grace)
    )
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return (
        build(Response)
        .from_select([*COLUMNS, "late"], source)
        .on_conflict_do_nothing()
        .returning(Response.id)
    )


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
