"""Who can sign in to the demonstration. Passwords follow from the installation's secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engage.foundations.tokens import code_from, keyed_hash
from engage.groups.queries import find_by_code
from engage.people import queries, service
from engage.people.models import Person
from engage.people.rules import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account; `group` is the code of the group a coordinator looks after."""

    email: str
    name: str
    role: Role
    group: str | None = None


ADMINISTRATOR = Member("administrator@engage.test", "Grace Adeyemi", Role.ADMINISTRATOR)
OFFICER = Member("officer@engage.test", "Tom Whitfield", Role.PLANNING_OFFICER)
ANALYST = Member("analyst@engage.test", "Priya Nair", Role.ANALYST)
MEMBER = Member("member@engage.test", "Helen Brandt", Role.MEMBER)
COORDINATORS = (
    Member("walthamforest@engage.test", "Farida Rahman", Role.COORDINATOR, "waltham-forest-cpeg"),
    Member("southwark@engage.test", "Joseph Mensah", Role.COORDINATOR, "southwark-cpeg"),
)
EVERYBODY: Sequence[Member] = (ADMINISTRATOR, OFFICER, ANALYST, MEMBER, *COORDINATORS)


def password_of(member: Member) -> str:
    """Return the member's password in this installation."""
    code = code_from(keyed_hash(member.email, "demo password"), 12)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def add_everybody(session: Session, *, now: datetime) -> None:
    """Make the accounts; the groups must be there."""
    for member in EVERYBODY:
        group = find_by_code(session, member.group) if member.group else None
        service.create_person(
            session,
            email=member.email,
            name=member.name,
            role=member.role,
            password=password_of(member),
            group_id=group.id if group else None,
            now=now,
        )


def person_of(session: Session, member: Member) -> Person:
    """Return the member's account. Raises `LookupError` where it has not been made."""
    person = queries.find_by_email(session, member.email)
    if person is None:
        raise LookupError(member.email)
    return person
