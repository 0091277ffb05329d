"""Accounts with their groups, to read: as many queries for one as for thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from engage.foundations.lists import nearest
from engage.groups.models import Group
from engage.people.models import AccountKey, Person
from engage.people.rules import KeyPurpose, Role, Standing, standing

PER_PAGE = 50
LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class AccountFilters:
    """What narrows the list of accounts; None narrows nothing. `words` stand in names or addresses."""

    words: str = ""
    role: Role | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is listed. `group` is the name of a coordinator's group."""

    id: int
    name: str
    email: str
    role: Role
    group: str | None
    standing: Standing
    invited_until: datetime | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A page of the list; `number` and `pages` count from 1."""

    rows: Sequence[Account]
    number: int
    pages: int
    total: int


_SEARCHED = (Person.name, Person.email, Group.name)
_invited_until = (
    select(func.max(AccountKey.expires_at, type_=AccountKey.expires_at.type))
    .where(AccountKey.person_id == Person.id, AccountKey.purpose == KeyPurpose.JOIN)
    .where(AccountKey.used_at.is_(None))
    .correlate(Person)
    .scalar_subquery()
)


def accounts(session: Session, filters: AccountFilters, *, number: int, now: datetime) -> AccountPage:
    """Return a page of accounts by name; a page beyond either end is the nearest there is."""
    conditions = _conditions(filters, now)
    counting = select(func.count(Person.id)).outerjoin(Group, Group.id == Person.group_id)
    total = session.scalar(counting.where(*conditions)) or 0
    number, pages = nearest(number, total, PER_PAGE)
    chosen = (
        select(Person, Group.name, _invited_until)
        .outerjoin(Group, Group.id == Person.group_id)
        .where(*conditions)
        .order_by(func.lower(Person.name), Person.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    rows = [_account(person, group, until, now) for person, group, until in session.execute(chosen)]
    return AccountPage(rows, number, pages, total)


def get_account(session: Session, person_id: int, *, now: datetime) -> Account:
    """Return one account. Raises `NoResultFound`."""
    chosen = (
        select(Person, Group.name, _invited_until)
        .outerjoin(Group, Group.id == Person.group_id)
        .where(Person.id == person_id)
    )
    person, group, until = session.execute(chosen).one()
    return _account(person, group, until, now)


def accounts_of_groups(session: Session, group_ids: Sequence[int], *, now: datetime) -> list[Account]:
    """Return the accounts of the coordinators of some groups who have not left, by group and name."""
    chosen = (
        select(Person, Group.name, _invited_until)
        .join(Group, Group.id == Person.group_id)
        .where(Person.role == Role.COORDINATOR, Person.group_id.in_(list(group_ids)))
        .where(Person.active.is_(True))
        .order_by(Group.name, Group.id, func.lower(Person.name), Person.id)
    )
    return [_account(person, group, until, now) for person, group, until in session.execute(chosen)]


def _account(person: Person, group: str | None, until: datetime | None, now: datetime) -> Account:
    joined = person.password_hash is not None
    return Account(
        id=person.id,
        name=person.name,
        email=person.email,
        role=person.role,
        group=group,
        standing=standing(active=person.active, joined=joined, invited_until=until, now=now),
        invited_until=until,
        second_factor=person.totp_confirmed_at is not None,
    )


def _conditions(filters: AccountFilters, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in filters.words[:LONGEST_WORDS].split():
        found.append(or_(*(column.icontains(word, autoescape=True) for column in _SEARCHED)))
    if filters.role is not None:
        found.append(Person.role == filters.role)
    if filters.standing is not None:
        found.append(_stands(filters.standing, now))
    return found


def _stands(wanted: Standing, now: datetime) -> ColumnElement[bool]:
    """Return what `people.rules.standing` says, asked of the database."""
    active, joined = Person.active.is_(True), Person.password_hash.is_not(None)
    if wanted is Standing.ENDED:
        return Person.active.is_(False)
    if wanted is Standing.ACTIVE:
        return and_(active, joined)
    good = func.coalesce(_invited_until > now, False)
    return and_(active, ~joined, good if wanted is Standing.INVITED else ~good)
