"""What administrators do with accounts, and what coordinators do with their own. Each ends every session."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.people import joining, mails, queries, service
from engage.people.mails import News
from engage.people.models import Person
from engage.people.rules import Role


def change_role(
    session: Session, *, person_id: int, role: Role, group_id: int | None, actor: str, now: datetime
) -> None:
    """Give somebody another role, or a coordinator another group. Raises `NoResultFound`.

    Refuses to take the role from the last administrator.
    """
    person = queries.get_person(session, person_id)
    service.check_group(role, group_id)
    if (person.role, person.group_id) == (role, group_id):
        raise Refused(lazy("This is their role already."), "role")
    if role is not Role.ADMINISTRATOR:
        service.keep_an_administrator(session, person)
    person.role, person.group_id = role, group_id
    service.end_sessions(session, person=person)
    details = {"role": role.value} | ({"group": str(group_id)} if group_id is not None else {})
    service.record(session, person, "person.role_changed", now, actor, details)
    _tell_if_joined(session, person, News.ROLE, now)


def close(session: Session, *, person_id: int, actor: str, now: datetime) -> None:
    """Close an account, and take back invitations to succeed its owner. Raises `NoResultFound`.

    Refuses to close that of the last administrator.
    """
    for successor_id in queries.successors(session, person_id):
        joining.withdraw(session, person_id=successor_id, actor=actor, now=now)
    service.deactivate(session, person_id=person_id, now=now, actor=actor)
    _tell_if_joined(session, queries.get_person(session, person_id), News.CLOSED, now)


def reopen(session: Session, *, person_id: int, actor: str, now: datetime) -> None:
    """Let somebody sign in again as before. Raises `NoResultFound`."""
    person = queries.get_person(session, person_id)
    if person.active:
        raise Refused(lazy("This account is not closed."))
    person.active = True
    service.end_sessions(session, person=person)
    service.record(session, person, "person.reactivated", now, actor)


def sign_out_everywhere(session: Session, *, person_id: int, actor: str, now: datetime) -> None:
    """End all of somebody's sessions. Raises `NoResultFound`."""
    person = queries.get_person(session, person_id)
    service.end_sessions(session, person=person)
    service.record(session, person, "person.sessions_ended", now, actor)


def name_successor(
    session: Session, *, person: Person, email: str, name: str, group: str, now: datetime
) -> Person:
    """Invite a coordinator's successor: when they join, the account of `person` ends.

    Refuses a second successor while the first is still invited.
    """
    if queries.successors(session, person.id):
        raise Refused(lazy("You have named a successor already. Withdraw that invitation first."))
    return joining.invite(
        session,
        email=email,
        name=name,
        role=Role.COORDINATOR,
        group_id=person.group_id,
        group=group,
        by=person,
        now=now,
        replaces_id=person.id,
    )


def leave(session: Session, *, person_id: int, now: datetime) -> None:
    """End a coordinator's own account at once. A successor they have named can still join."""
    person = queries.get_person(session, person_id)
    if person.role is not Role.COORDINATOR:
        raise Refused(lazy("Ask an administrator to close your account."))
    service.deactivate(session, person_id=person_id, now=now, actor=person.label)


def end_of_groups(session: Session, *, group_ids: Collection[int], actor: str, now: datetime) -> int:
    """Close the accounts of the coordinators of groups that have ended, and return how many those were.

    Invitations to such groups are taken back. To be called in the transaction that ends the groups.
    """
    held = queries.coordinators_of(session, group_ids)
    for person in held:
        if person.password_hash is None:
            joining.withdraw(session, person_id=person.id, actor=actor, now=now)
    joined = [person for person in held if person.password_hash is not None]
    for person in joined:
        service.deactivate(session, person_id=person.id, now=now, actor=actor)
        mails.tell(session, person=person, news=News.CLOSED, now=now)
    return len(joined)


def move_to_group(
    session: Session, *, group_ids: Collection[int], into_id: int, actor: str, now: datetime
) -> int:
    """Move the coordinators of merged groups to the group these became; return how many those were."""
    moved = queries.coordinators_of(session, group_ids)
    for person in moved:
        change_role(
            session, person_id=person.id, role=Role.COORDINATOR, group_id=into_id, actor=actor, now=now
        )
    return len(moved)


def _tell_if_joined(session: Session, person: Person, news: News, now: datetime) -> None:
    if person.password_hash is not None:
        mails.tell(session, person=person, news=news, now=now)
