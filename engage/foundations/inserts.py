"""Inserting what may be there already, in one statement that two writers can run at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.foundations.database import Base, is_sqlite


def insert_new(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], *, conflict: Sequence[str]
) -> None:
    """Insert `rows`, skipping those whose `conflict` columns (a unique constraint) are taken already."""
    if not rows:
        return
    kind = sqlite if is_sqlite(session) else postgresql
    statement = kind.insert(model.__table__).on_conflict_do_nothing(index_elements=list(conflict))
    session.execute(statement, list(rows))
