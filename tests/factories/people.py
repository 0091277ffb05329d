"""People with an account for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.people.models import Person
from engage.people.passwords import hash_password
from engage.people.rules import Role

PASSWORD = "a long enough password"
_numbers = count(1)


def make_person(session: Session, *, password: str = PASSWORD, **overrides: Any) -> Person:
    """Return a stored person: an active planning officer who has `PASSWORD`, unless told otherwise."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"person-{number}@example.test",
        "name": f"Person {number}",
        "role": Role.PLANNING_OFFICER,
        "group_id": None,
        "password_hash": _hashed(password),
        "session_key": f"session-{number}",
        "active": True,
        "created_at": datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
    }
    person = Person(**(values | overrides))
    session.add(person)
    session.flush()
    return person


@cache
def _hashed(password: str) -> str:
    return hash_password(password)
