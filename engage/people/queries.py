"""People with an account, to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.people.models import AccountKey, Person, RecoveryCode
from engage.people.rules import KeyPurpose, Role


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


def administrators_held(session: Session) -> list[int]:
    """Return the administrators who can sign in, and keep others from changing them until the commit."""
    chosen = (
        select(Person.id)
        .where(Person.role == Role.ADMINISTRATOR, Person.active.is_(True))
        .where(Person.password_hash.is_not(None))
        .order_by(Person.id)
    )
    return list(session.scalars(chosen.with_for_update()))


def coordinators_of(session: Session, group_ids: Collection[int]) -> list[Person]:
    """Return the coordinators of some groups who have not left, invited ones among them, by name."""
    chosen = (
        select(Person)
        .where(Person.role == Role.COORDINATOR, Person.group_id.in_(list(group_ids)))
        .where(Person.active.is_(True))
        .order_by(Person.name, Person.id)
    )
    return list(session.scalars(chosen))


def invited_until(session: Session, person_ids: Collection[int]) -> Mapping[int, datetime]:
    """Return until when the invitation of each person is good; who has none to use is not there."""
    chosen = (
        select(AccountKey.person_id, func.max(AccountKey.expires_at, type_=AccountKey.expires_at.type))
        .where(AccountKey.person_id.in_(list(person_ids)))
        .where(AccountKey.purpose == KeyPurpose.JOIN, AccountKey.used_at.is_(None))
        .group_by(AccountKey.person_id)
        .order_by(AccountKey.person_id)
    )
    return dict(iter(session.execute(chosen)))


def successors(session: Session, person_id: int) -> list[int]:
    """Return who has been invited to succeed somebody and has not joined."""
    chosen = (
        select(AccountKey.person_id)
        .where(AccountKey.replaces_id == person_id, AccountKey.used_at.is_(None))
        .order_by(AccountKey.person_id)
        .distinct()
    )
    return list(session.scalars(chosen))


def whom_it_replaces(session: Session, person_id: int) -> int | None:
    """Return the coordinator whose account ends when an invited person joins, None for nobody."""
    chosen = (
        select(AccountKey.replaces_id)
        .where(AccountKey.person_id == person_id, AccountKey.purpose == KeyPurpose.JOIN)
        .order_by(AccountKey.id.desc())
        .limit(1)
    )
    return session.scalar(chosen)


def count_recovery_codes(session: Session, person_id: int) -> int:
    """Return how many recovery codes somebody has left."""
    chosen = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(chosen) or 0


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
        if group_id is not None:
            found[group_id].append(email)
    return {group_id: tuple(emails) for group_id, emails in found.items()}
