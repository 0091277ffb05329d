"""Groups, to read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.groups.models import Group
from engage.groups.rules import GroupKind


def cpegs(session: Session) -> list[Group]:
    """Return the working CPEGs by name. A borough without one is simply not among them."""
    chosen = select(Group).where(Group.kind == GroupKind.CPEG, Group.active.is_(True))
    return list(session.scalars(chosen.order_by(Group.name, Group.id)))


def get_group(session: Session, group_id: int) -> Group:
    """Return the group. Raises `NoResultFound`."""
    return session.scalars(select(Group).where(Group.id == group_id)).one()


def find_by_code(session: Session, code: str) -> Group | None:
    """Return the group with this code, or None."""
    return session.scalars(select(Group).where(Group.code == code)).one_or_none()


def members_of(session: Session, group_id: int) -> list[Group]:
    """Return the active member groups of a CPEG by name."""
    chosen = select(Group).where(Group.parent_id == group_id, Group.active.is_(True))
    return list(session.scalars(chosen.order_by(Group.name, Group.id)))


def names(session: Session) -> dict[int, str]:
    """Return the name of every group by its id."""
    rows = session.execute(select(Group.id, Group.name).order_by(Group.id))
    return dict(iter(rows))
