"""The tests' own instruments."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import text
from sqlalchemy.orm import Session

from engage.people.rules import Role
from tests.fixtures.client import PageClient


def test_a_test_runs_on_each_database(session: Session, database_url: str) -> None:
    version = text("SELECT version()" if "postgresql" in database_url else "SELECT sqlite_version()")
    assert session.scalar(version)


def test_each_role_has_a_client(
    client: PageClient,
    officer_client: PageClient,
    coordinator_client: PageClient,
    administrator_client: PageClient,
) -> None:
    assert client.person is None
    roles = [
        held.person.role for held in (officer_client, coordinator_client, administrator_client) if held.person
    ]
    assert roles == [Role.PLANNING_OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR]


def test_a_read_through_the_session_is_counted(
    session: Session, query_count: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with query_count() as statements:
        session.execute(text("SELECT 1"))
    assert statements == ["SELECT 1"]
