"""Invitations: somebody is given an account, and joins by the link that is mailed to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.people import keys, mails, queries, service
from engage.people.mails import News
from engage.people.models import Person
from engage.people.rules import KeyPurpose, Role


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    group_id: int | None,
    group: str,
    by: Person,
    now: datetime,
    replaces_id: int | None = None,
) -> Person:
    """Make an account without a password and mail its owner the way to choose one.

    `group` is the name of the group. Refuses what `create_person` does. `replaces_id` is the coordinator
    whose account ends when this one joins.
    """
    person = service.create_person(
        session,
        email=email,
        name=name,
        role=role,
        password=None,
        group_id=group_id,
        now=now,
        actor=by.label,
    )
    _mail_key(session, person=person, by=by, group=group, now=now, replaces_id=replaces_id)
    service.record(session, person, "person.invited", now, by.label)
    return person


def resend(session: Session, *, person_id: int, group: str, by: Person, now: datetime) -> None:
    """Mail an invitation again with a new key; those mailed before are good no more."""
    person = _pending(session, person_id)
    replaces_id = queries.whom_it_replaces(session, person_id)
    service.forget_keys(session, person_id=person_id)
    _mail_key(session, person=person, by=by, group=group, now=now, replaces_id=replaces_id)
    service.record(session, person, "person.invited", now, by.label)


def withdraw(session: Session, *, person_id: int, actor: str, now: datetime) -> None:
    """Take an invitation back: the account is gone, and the address can be invited again."""
    person = _pending(session, person_id)
    service.forget_keys(session, person_id=person_id)
    service.record(session, person, "person.invitation_withdrawn", now, actor)
    session.delete(person)
    session.flush()


def accept(session: Session, *, token_hash: bytes, password: str, now: datetime) -> Person:
    """Join with a password, once, and return who joined. A coordinator who handed over leaves.

    Refuses, and rolls back, as `keys.trade` does.
    """
    traded = keys.trade(session, token_hash=token_hash, purpose=KeyPurpose.JOIN, password=password, now=now)
    person = traded.person
    person.password_hash = traded.hashed
    service.end_sessions(session, person=person)
    service.record(session, person, "person.joined", now, person.label)
    if traded.replaces_id is not None:
        _hand_over(session, traded.replaces_id, person, now)
    return person


def _hand_over(session: Session, replaces_id: int, successor: Person, now: datetime) -> None:
    """End the account of whom somebody succeeds, where it still is of the same group."""
    before = queries.get_person(session, replaces_id)
    if before.active and before.role is Role.COORDINATOR and before.group_id == successor.group_id:
        service.deactivate(session, person_id=before.id, now=now, actor=successor.label)
        mails.tell(session, person=before, news=News.HANDED_OVER, now=now)


def _mail_key(
    session: Session, *, person: Person, by: Person, group: str, now: datetime, replaces_id: int | None
) -> None:
    secret = keys.make_key(
        session, person_id=person.id, purpose=KeyPurpose.JOIN, now=now, replaces_id=replaces_id
    )
    mails.mail_invitation(session, person=person, secret=secret, by=by.name, group=group, now=now)


def _pending(session: Session, person_id: int) -> Person:
    """Return somebody who has been invited; refuses where they have joined. Raises `NoResultFound`."""
    person = queries.get_person(session, person_id)
    if person.password_hash is not None or not person.active:
        raise Refused(lazy("This person has joined already."))
    return person
