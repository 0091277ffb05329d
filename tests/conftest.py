"""Fixtures for every test: an application on each database, clients, a browser, a count of queries.

A test that asks for `app` runs once on SQLite and once on PostgreSQL, on a copy of a migrated database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import Session

from engage import create_app
from engage.foundations.database import db
from engage.foundations.settings import Settings, read_settings
from tests.fixtures.client import PageClient

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.databases",
    "tests.fixtures.people",
    "tests.fixtures.routing",
    "tests.fixtures.worker",
]


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replace pytest-flask's own fixture, which leaks `g`, the session and the signed-in person."""


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return read_settings(
        {
            "ENGAGE_MODE": "test",
            "ENGAGE_SECRET_KEY": "test-secret-" + "x" * 40,
            "ENGAGE_INSTANCE": str(tmp_path / "instance"),
            "ENGAGE_BASE_URL": "http://localhost",
            "ENGAGE_DATABASE_URL": database_url,
        }
    )


@pytest.fixture(scope="session")
def compiled_templates(run_folder: Path) -> FileSystemBytecodeCache:
    """Templates as the tests of this run compiled them: an application for each test need not do it again."""
    folder = run_folder / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    app = create_app(settings)
    app.test_client_class = PageClient
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context, for services and queries."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def query_count(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """A block that gathers the SQL statements sent inside it: `with query_count() as statements:`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
