"""Making accounts, signing in, changing a password."""

from __future__ import annotations

import secrets
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations import tries
from engage.foundations.database import reading
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.people import passwords, queries, rules
from engage.people.models import Person
from engage.people.rules import Role

SYSTEM = "engage"


def create_person(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str,
    group_id: int | None = None,
    now: datetime,
    actor: str = SYSTEM,
) -> Person:
    """Make an account.

    Refuses an email address that is taken or wrong, a weak password and a coordinator without a group.
    """
    email = _tidy_email(email)
    if (role is Role.COORDINATOR) != (group_id is not None):
        raise Refused(lazy("A coordinator has a group, and nobody else does"), "group")
    if not name.strip():
        raise Refused(lazy("Enter the person’s name"), "name")
    _check_password(password, email)
    if queries.find_by_email(session, email) is not None:
        raise Refused(lazy("There is an account with this email address already"), "email")
    person = Person(
        email=email,
        name=name.strip(),
        role=role,
        group_id=group_id,
        password_hash=passwords.hash_password(password),
        session_key=_new_session_key(),
        created_at=now,
    )
    session.add(person)
    session.flush()
    _record(session, person, "person.created", now, actor, {"role": role.value})
    return person


def sign_in(session: Session, *, email: str, password: str, now: datetime) -> Person:
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
    person = queries.get_person(session, known[0])
    _record(session, person, "person.signed_in", now, person.label)
    return person


def change_password(session: Session, *, person_id: int, password: str, now: datetime, actor: str) -> None:
    """Give a person a new password and end all their sessions. Raises `NoResultFound`."""
    person = queries.get_person(session, person_id)
    _check_password(password, person.email)
    person.password_hash = passwords.hash_password(password)
    person.session_key = _new_session_key()
    session.flush()
    _record(session, person, "person.password_changed", now, actor)


def deactivate(session: Session, *, person_id: int, now: datetime, actor: str) -> None:
    """End a person's sessions and let them sign in no more. Raises `NoResultFound`."""
    person = queries.get_person(session, person_id)
    person.active = False
    person.session_key = _new_session_key()
    session.flush()
    _record(session, person, "person.deactivated", now, actor)


def count_try(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Write down a try to sign in, before it is made; refuses where there were too many.

    To be committed by itself, so that a try that fails is not forgotten with its transaction.
    """
    for purpose, caller, most in _limits(email, address):
        tries.count_try(session, purpose=purpose, caller=caller, now=now, most=most, field="email")


def forget_tries(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Forget the tries for this name from this address: the person has signed in."""
    (one_name, caller, _), (any_name, whole_address, _) = _limits(email, address)
    tries.forget_tries(session, purpose=one_name, caller=caller, now=now)
    # The last try was right; those for other names still count.
    tries.forget_try(session, purpose=any_name, caller=whole_address, now=now)


def _limits(email: str, address: str) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    """Return what a try to sign in counts against: purpose, caller and how many there may be."""
    typed = email.strip().lower()
    return (
        ("sign-in, one name", f"{address}\0{typed}", rules.TRIES_FOR_ONE_NAME),
        ("sign-in, any name", address, rules.TRIES_FROM_ONE_ADDRESS),
    )


def _begun(session: Session) -> bool:
    # The application's session only stands for the one of the request, and does not say.
    own: Session = getattr(session, "registry", lambda: session)()
    return own.in_transaction()


def _tidy_email(email: str) -> str:
    try:
        # Reserved endings (.test) are for demonstrations; nobody can be written to there.
        found = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Refused(
            lazy("Enter an email address in the correct format, like name@example.com"), "email"
        ) from None
    return found.normalized.lower()


def _check_password(password: str, email: str) -> None:
    problem = rules.password_problem(password, email)
    if problem is not None:
        raise Refused(problem, "password")


def _new_session_key() -> str:
    return secrets.token_urlsafe(32)


def _record(
    session: Session,
    person: Person,
    action: str,
    now: datetime,
    actor: str,
    details: dict[str, str] | None = None,
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=f"person:{person.email}", at=now, details=details
    )
