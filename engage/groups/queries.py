"""Groups, to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.groups.models import Group, GroupContact, GroupMeeting
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


def below(session: Session, group_id: int) -> list[int]:
    """Return the group and every group below it, however deep, ended ones among them, by id.

    Whoever may not exist has nobody below: an unknown id returns nothing.
    """
    tree = select(Group.id).where(Group.id == group_id).cte("tree", recursive=True)
    # UNION, not UNION ALL: a circle in the data, which no verb can make, would end here too.
    tree = tree.union(select(Group.id).where(Group.parent_id == tree.c.id))
    return list(session.scalars(select(tree.c.id).order_by(tree.c.id)))


def addresses_of(session: Session, group_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the e-mail addresses of the contacts of each group, each once, in the order they were added.

    A group nobody can write to has an empty tuple.
    """
    found: dict[int, list[str]] = {group_id: [] for group_id in group_ids}
    chosen = (
        select(GroupContact.group_id, GroupContact.email)
        .where(GroupContact.group_id.in_(list(found)), GroupContact.email != "")
        .order_by(GroupContact.group_id, GroupContact.id)
    )
    for group_id, email in session.execute(chosen):
        found[group_id].append(email)
    return {group_id: tuple(dict.fromkeys(emails)) for group_id, emails in found.items()}


def next_meetings(session: Session, group_ids: Collection[int], after: datetime) -> Mapping[int, datetime]:
    """Return when each group meets first after a moment; a group with no later meeting is not there."""
    chosen = (
        select(GroupMeeting.group_id, func.min(GroupMeeting.starts_at, type_=GroupMeeting.starts_at.type))
        .where(GroupMeeting.group_id.in_(list(group_ids)), GroupMeeting.starts_at > after)
        .group_by(GroupMeeting.group_id)
        .order_by(GroupMeeting.group_id)
    )
    return dict(iter(session.execute(chosen)))


def surviving(session: Session, group_id: int) -> Group:
    """Return the group that this one has become, itself where it was never merged. Raises `NoResultFound`."""
    group, seen = get_group(session, group_id), {group_id}
    while group.merged_into_id is not None and group.merged_into_id not in seen:
        seen.add(group.merged_into_id)
        group = get_group(session, group.merged_into_id)
    return group
