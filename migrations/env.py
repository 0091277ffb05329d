"""How a migration runs: one transaction for everything, foreign keys checked before it is committed.

SQLite changes a table by making it anew. With foreign keys on, dropping the old one deletes the rows that
point at it, silently; and the switch does nothing inside a transaction. So it is turned off before BEGIN, and
`foreign_key_check` has the last word.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import JSON, Connection

from engage.foundations.database import Base, Moment, db, writing


def run(connection: Connection) -> None:
    """Migrate the database behind `connection`, or leave it as it was."""
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        _driver(connection).execute("PRAGMA foreign_keys=OFF")
    try:
        with writing(), connection.begin():
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=on_sqlite,
                transactional_ddl=True,
                compare_type=True,
                render_item=_render,
            )
            context.run_migrations()
            if on_sqlite:
                _nothing_dangles(connection)
    finally:
        if on_sqlite:
            _driver(connection).execute("PRAGMA foreign_keys=ON")


def _driver(connection: Connection):  # type: ignore[no-untyped-def]
    """Return the driver's own connection: through SQLAlchemy a statement would begin a transaction."""
    return connection.connection.driver_connection


def _render(kind: str, item: object, autogenerate: object) -> str | Literal[False]:
    """Write our own column types as the plain ones they are made of: a migration outlives the code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")  # type: ignore[attr-defined]
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _nothing_dangles(connection: Connection) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if dangling:
        raise RuntimeError(f"the migration left rows that point at nothing: {dangling[:10]}")


if context.is_offline_mode():
    raise SystemExit("engage: migrations need a database; SQL scripts are not offered.")
with db.engine.connect() as bound:
    run(bound)
