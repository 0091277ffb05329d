"""Making accounts, signing in, changing a password, ending sessions."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations.database import reading
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox.addresses import tidy_address
from engage.people import passwords, queries, rules
from engage.people.models import AccountKey, Person
from engage.people.rules import Role

SYSTEM = "engage"


def create_person(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str | None,
    group_id: int | None = None,
    now: datetime,
    actor: str = SYSTEM,
) -> Person:
    """Make an account; without a password nobody can sign in to it yet.

    Refuses an email address that is taken or wrong, a weak password and a coordinator without a group.
    """
    email = _tidy_email(email)
    check_group(role, group_id)
    if not name.strip():
        raise Refused(lazy("Enter the person’s name"), "name")
    if password is not None:
        check_password_is_strong(password, email)
    if queries.find_by_email(session, email) is not None:
        raise Refused(lazy("There is an account with this email address already"), "email")
    person = Person(
        email=email,
        name=" ".join(name.split()),
        role=role,
        group_id=group_id,
        password_hash=None if password is None else passwords.hash_password(password),
        session_key=_new_session_key(),
        created_at=now,
    )
    session.add(person)
    session.flush()
    record(session, person, "person.created", now, actor, {"role": role.value})
    return person


def sign_in(session: Session, *, email: str, password: str, now: datetime) -> Person:
    """Return the person with this email address and password, and note that they signed in.

    Refuses as `check_password` does.
    """
    person = check_password(session, email=email, password=password)
    note_sign_in(session, person_id=person.id, now=now)
    return person


def check_password(session: Session, *, email: str, password: str) -> Person:
    """Return the person with this email address and password.

    Refuses with one and the same sentence, after the same work, whatever was wrong. Unless the caller had
    begun one, no transaction is held while the password is checked.
    """
    email = email.strip().lower()
    begun_before = _begun(session)
    with reading():
        found = queries.find_by_email(session, email)
        known = (found.id, found.password_hash) if found is not None and found.active else None
        if not begun_before:
            session.rollback()
        right = passwords.matches(password, known[1] if known else None)
    if known is None or not right:
        raise Refused(lazy("Enter the right email address and password"), "email")
    return queries.get_person(session, known[0])


def note_sign_in(session: Session, *, person_id: int, now: datetime, means: str = "password") -> None:
    """Write in the log that somebody signed in, and by what: password, code or recovery_code."""
    person = queries.get_person(session, person_id)
    record(session, person, "person.signed_in", now, person.label, {"means": means})


def change_password(session: Session, *, person_id: int, password: str, now: datetime, actor: str) -> None:
    """Give a person a new password and end all their sessions. Raises `NoResultFound`."""
    person = queries.get_person(session, person_id)
    check_password_is_strong(password, person.email)
    set_password(session, person=person, hashed=passwords.hash_password(password), now=now, actor=actor)


def change_own_password(
    session: Session, *, person_id: int, current: str, password: str, now: datetime
) -> Person:
    """Give somebody who knows their password another, and end all their sessions.

    No transaction is held while the passwords are worked on: what the caller had begun is rolled back.
    """
    with reading():
        session.rollback()
        person = queries.get_person(session, person_id)
        held, email = person.password_hash, person.email
        session.rollback()
        check_password_is_strong(password, email)
        if not passwords.matches(current, held):
            raise Refused(lazy("Enter the password you have now"), "current")
        hashed = passwords.hash_password(password)
    person = queries.get_person(session, person_id)
    if person.password_hash != held:
        raise Refused(lazy("Your password has been changed elsewhere. Enter the new one."), "current")
    set_password(session, person=person, hashed=hashed, now=now, actor=person.label)
    return person


def check_own_password(session: Session, *, person_id: int, password: str) -> None:
    """Refuse where this is not somebody's password; what the caller had begun is rolled back."""
    with reading():
        session.rollback()
        held = queries.get_person(session, person_id).password_hash
        session.rollback()
        if not passwords.matches(password, held):
            raise Refused(lazy("Enter the password you have now"), "current")


def set_password(session: Session, *, person: Person, hashed: str, now: datetime, actor: str) -> None:
    """Keep what a new password was hashed to. Sessions end, and keys that were mailed are good no more."""
    person.password_hash = hashed
    forget_keys(session, person_id=person.id)
    end_sessions(session, person=person)
    record(session, person, "person.password_changed", now, actor)


def deactivate(session: Session, *, person_id: int, now: datetime, actor: str) -> None:
    """End a person's sessions and let them sign in no more. Raises `NoResultFound`.

    Refuses to close the account of the last administrator.
    """
    person = queries.get_person(session, person_id)
    keep_an_administrator(session, person)
    person.active = False
    forget_keys(session, person_id=person.id)
    end_sessions(session, person=person)
    record(session, person, "person.deactivated", now, actor)


def end_sessions(session: Session, *, person: Person) -> None:
    """Sign somebody out everywhere: no browser holds the new key."""
    person.session_key = _new_session_key()
    session.flush()


def forget_keys(session: Session, *, person_id: int) -> None:
    """Delete the keys that were mailed to somebody."""
    keys = delete(AccountKey).where(AccountKey.person_id == person_id)
    session.execute(keys, execution_options={"synchronize_session": False})


def keep_an_administrator(session: Session, person: Person) -> None:
    """Refuse what would leave the installation without an administrator who can sign in."""
    if person.role is not Role.ADMINISTRATOR:
        return
    if not set(queries.administrators_held(session)) - {person.id}:
        raise Refused(lazy("This is the only administrator. Make somebody else one first."))


def check_group(role: Role, group_id: int | None) -> None:
    """Refuse a coordinator without a group, and anybody else with one."""
    if (role is Role.COORDINATOR) != (group_id is not None):
        raise Refused(lazy("A coordinator has a group, and nobody else does"), "group")


def check_password_is_strong(password: str, email: str) -> None:
    """Refuse a password that will not do for the account of `email`."""
    problem = rules.password_problem(password, email)
    if problem is not None:
        raise Refused(problem, "password")


def record(
    session: Session,
    person: Person,
    action: str,
    now: datetime,
    actor: str,
    details: dict[str, str] | None = None,
) -> None:
    """Write in the log what was done to somebody's account."""
    audit.record(
        session, actor=actor, action=action, subject=f"person:{person.email}", at=now, details=details
    )


def _tidy_email(email: str) -> str:
    try:
        return tidy_address(email)
    except Refused:
        raise Refused(
            lazy("Enter an email address in the correct format, like name@example.com"), "email"
        ) from None


def _begun(session: Session) -> bool:
    # The application's session only stands for the one of the request, and does not say.
    own: Session = getattr(session, "registry", lambda: session)()
    return own.in_transaction()


def _new_session_key() -> str:
    return secrets.token_urlsafe(32)
