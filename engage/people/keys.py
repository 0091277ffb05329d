"""Secrets mailed to somebody, to join or to choose a new password. Only what they hash to is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from engage.foundations.database import reading
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.people import passwords, queries, service
from engage.people.models import AccountKey, Person
from engage.people.rules import KEY_LASTS, KeyPurpose

NO_LONGER = lazy("This link has been used or has run out. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Traded:
    """Whose key was used up for a password, what that is kept as, and whose account theirs replaces."""

    person: Person
    hashed: str
    replaces_id: int | None


def make_key(
    session: Session,
    *,
    person_id: int,
    purpose: KeyPurpose,
    now: datetime,
    replaces_id: int | None = None,
) -> str:
    """Make a key and return its secret, which is shown to nobody but whom it is mailed to."""
    secret = secrets.token_urlsafe(32)
    session.add(
        AccountKey(
            person_id=person_id,
            purpose=purpose,
            token_hash=hash_of(secret),
            made_at=now,
            expires_at=now + KEY_LASTS[purpose],
            replaces_id=replaces_id,
        )
    )
    session.flush()
    return secret


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret: it is random and long, so one plain digest is enough."""
    return hashlib.sha256(secret.encode()).digest()


def find_key(session: Session, *, token_hash: bytes, purpose: KeyPurpose, now: datetime) -> AccountKey | None:
    """Return the key, None where there is none that is still good."""
    chosen = (
        select(AccountKey)
        .join(Person, Person.id == AccountKey.person_id)
        .where(AccountKey.token_hash == token_hash, AccountKey.purpose == purpose)
        .where(AccountKey.used_at.is_(None), AccountKey.expires_at > now, Person.active.is_(True))
    )
    return session.scalars(chosen).one_or_none()


def use_key(session: Session, *, key_id: int, now: datetime) -> None:
    """Use a key up. Of two who do so at once one is refused, whoever comes second."""
    used = (
        update(AccountKey)
        .where(AccountKey.id == key_id, AccountKey.used_at.is_(None), AccountKey.expires_at > now)
        .values(used_at=now)
        .returning(AccountKey.id)
    )
    if session.scalar(used, execution_options={"synchronize_session": False}) is None:
        raise Refused(NO_LONGER)


def trade(
    session: Session, *, token_hash: bytes, purpose: KeyPurpose, password: str, now: datetime
) -> Traded:
    """Use a key up for the password that its holder chose; to keep that is left to the caller.

    Refuses a weak password and a key that is not good any more. No transaction is held while the password is
    hashed: what the caller had begun is rolled back.
    """
    with reading():
        session.rollback()
        found = find_key(session, token_hash=token_hash, purpose=purpose, now=now)
        email = queries.get_person(session, found.person_id).email if found else ""
        session.rollback()
        if found is None:
            raise Refused(NO_LONGER)
        service.check_password_is_strong(password, email)
        hashed = passwords.hash_password(password)
    key = find_key(session, token_hash=token_hash, purpose=purpose, now=now)
    if key is None:
        raise Refused(NO_LONGER)
    person_id, replaces_id = key.person_id, key.replaces_id
    use_key(session, key_id=key.id, now=now)
    return Traded(queries.get_person(session, person_id), hashed, replaces_id)


def count_good(session: Session, *, person_id: int, purpose: KeyPurpose, now: datetime) -> int:
    """Return how many keys for a purpose somebody holds that are still good."""
    chosen = select(func.count()).where(
        AccountKey.person_id == person_id,
        AccountKey.purpose == purpose,
        AccountKey.used_at.is_(None),
        AccountKey.expires_at > now,
    )
    return session.scalar(chosen) or 0


def forget_old(session: Session, now: datetime) -> None:
    """Delete keys to new passwords that have run out. Invitations stay, so that they can be sent again."""
    old = delete(AccountKey).where(AccountKey.purpose == KeyPurpose.RESET, AccountKey.expires_at <= now)
    session.execute(old, execution_options={"synchronize_session": False})
