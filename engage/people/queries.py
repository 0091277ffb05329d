"""People with an account, to read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.people.models import Person


def find_by_session_key(session: Session, session_key: str) -> Person | None:
    """Return the active person whose browser holds this key, or None."""
    chosen = select(Person).where(Person.session_key == session_key, Person.active.is_(True))
    return session.scalars(chosen).one_or_none()


def find_by_email(session: Session, email: str) -> Person | None:
    """Return the person with this email address, written in small letters, or None."""
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


def get_person(session: Session, person_id: int) -> Person:
    """Return the person. Raises `NoResultFound`."""
    return session.scalars(select(Person).where(Person.id == person_id)).one()
