"""Fixtures for every test: an application on each database, clients, a stopped clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage import create_app
from engage.foundations.database import db
from engage.foundations.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replace pytest-flask's own fixture, which leaks `g`, the session and the signed-in person."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(
        {
            "ENGAGE_MODE": "test",
            "ENGAGE_SECRET_KEY": "test-secret-" + "x" * 40,
            "ENGAGE_INSTANCE": str(tmp_path / "instance"),
            "ENGAGE_BASE_URL": "http://localhost",
        }
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context, for services and queries."""
    with app.app_context():
        yield db.session  # type: ignore[misc]
