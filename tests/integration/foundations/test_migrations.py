"""Migrations make what the models say, and change a filled database without losing a row."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Inspector, create_engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from engage.foundations.database import Base, db, writing
from engage.foundations.settings import files_folder
from engage.server.migrations import is_current
from tests.factories.everything import fill

MIGRATIONS = files_folder("migrations")

REBUILDS_A_PARENT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def recreate() -> str:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def upgrade() -> None:
    with op.batch_alter_table("consultation", recreate=recreate()) as table:
        table.add_column(sa.Column("nickname", sa.String(20)))


def downgrade() -> None:
    with op.batch_alter_table("consultation", recreate=recreate()) as table:
        table.drop_column("nickname")
"""

LEAVES_ROWS_DANGLING = """
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("DELETE FROM area")


def downgrade() -> None:
    pass
"""


def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert is_current(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_the_checks_that_the_models_name(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        migrated = checks(inspect(connection), None)
        if connection.dialect.name == "sqlite":
            with create_engine("sqlite://").connect() as fresh:
                Base.metadata.create_all(fresh)
                made = checks(inspect(fresh), None)
            fresh.engine.dispose()
        else:
            connection.execute(text("CREATE SCHEMA fresh"))
            fresh = connection.execution_options(schema_translate_map={None: "fresh"})
            Base.metadata.create_all(fresh)
            made = checks(inspect(connection), "fresh")
            connection.rollback()
        assert len(made) > 20
        assert migrated == made


@pytest.mark.parametrize("table", ["audit_event", "response_revision"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_only_added_to(app: Flask, table: str, statement: str) -> None:
    with app.app_context(), writing(), db.engine.connect() as connection:
        fill(connection)
        connection.commit()
        with pytest.raises(DBAPIError, match="only ever added to"):
            connection.execute(text(statement.format(table)))


def test_each_migration_keeps_every_row_down_and_up_again(app: Flask) -> None:
    with app.app_context():
        _fill()
        before = _rows()
        scripts = ScriptDirectory(str(MIGRATIONS))
        for script in [found for found in scripts.walk_revisions() if found.down_revision]:
            flask_migrate.downgrade(revision=str(script.down_revision))
            kept = _tables()
            flask_migrate.upgrade()
            after = _rows()
            # A table that was not there before the migration comes back empty; all others keep what they had.
            assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
            assert kept, script.revision


def test_a_table_made_anew_keeps_its_rows_and_those_that_point_at_it(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        _fill()
        before = _rows()
        folder = _with_revision(tmp_path, REBUILDS_A_PARENT)
        flask_migrate.upgrade(directory=folder)
        assert _rows() == before
        flask_migrate.downgrade(directory=folder, revision="-1")
        assert _rows() == before
        with db.engine.connect() as connection:
            assert is_current(connection)


def test_a_migration_that_leaves_rows_dangling_changes_nothing(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        _fill()
        before = _rows()
        with pytest.raises((SystemExit, DBAPIError)):
            flask_migrate.upgrade(directory=_with_revision(tmp_path, LEAVES_ROWS_DANGLING))
        assert _rows() == before
        with db.engine.connect() as connection:
            assert is_current(connection)


def test_foreign_keys_are_minded_again_after_a_migration(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        flask_migrate.upgrade(directory=_with_revision(tmp_path, REBUILDS_A_PARENT))
        with writing(), db.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(
                text(
                    "INSERT INTO census_count (area_code, measure, category, position, residents) "
                    "VALUES ('nowhere', 'sex', 'female', 1, 1)"
                )
            )


def test_down_to_nothing_and_up_again(app: Flask) -> None:
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) == {"alembic_version"}
            assert not is_current(connection)
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            assert is_current(connection)


def checks(inspector: Inspector, schema: str | None) -> set[tuple[str, str, str]]:
    """Return every CHECK and UNIQUE of the database: table, name, and for a CHECK what it says."""
    found = set()
    for table in Base.metadata.tables:
        for check in inspector.get_check_constraints(table, schema=schema):
            found.add((table, str(check["name"]), re.sub(r"\s+", " ", check["sqltext"])))
        for unique in inspector.get_unique_constraints(table, schema=schema):
            found.add((table, str(unique["name"]), ", ".join(unique["column_names"])))
    return found


def _fill() -> None:
    with writing(), db.engine.begin() as connection:
        fill(connection)


def _tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def _rows() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {name: _count(connection, name) for name in Base.metadata.tables}


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0


def _with_revision(folder: Path, revision: str) -> str:
    """Return a copy of our migrations with one more on top."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy)
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    (copy / "versions" / "9999_next.py").write_text(revision.replace("{head}", str(head)))
    return str(copy)
