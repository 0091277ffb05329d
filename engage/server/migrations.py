"""Whether the database has the tables this version of the code expects."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engage.foundations.settings import files_folder


def is_current(connection: Connection) -> bool:
    """Tell whether the database behind `connection` stands at the newest revision."""
    scripts = ScriptDirectory(str(files_folder("migrations")))
    return set(MigrationContext.configure(connection).get_current_heads()) == set(scripts.get_heads())
