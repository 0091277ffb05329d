"""People with an account, to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.people.models import Person
from engage.people.rules import Role


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


def addresses_of_coordinators(session: Session, group_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the email addresses of the coordinators of each group, oldest account first.

    Those who have left are not among them, nor those who were invited and have not joined. A group without
    one has an empty tuple.
    """
    found: dict[int, list[str]] = {group_id: [] for group_id in group_ids}
    chosen = (
        select(Person.group_id, Person.email)
        .where(Person.role == Role.COORDINATOR, Person.group_id.in_(list(found)))
        .where(Person.active.is_(True), Person.password_hash.is_not(None))
        .order_by(Person.group_id, Person.id)
    )
    for group_id, email in session.execute(chosen):
        found[group_id].append(email)
    return {group_id: tuple(emails) for group_id, emails in found.items()}
