"""Groups, to read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.groups.details import BoroughDetails, ContactDetails, GroupDetails, MeetingDetails
from engage.groups.models import BoroughDetail, Group, GroupCommunity, GroupContact, GroupMeeting
from engage.groups.rules import Community, GroupKind


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


def get_by_code(session: Session, code: str) -> Group:
    """Return the group with this code. Raises `NoResultFound`."""
    return session.scalars(select(Group).where(Group.code == code)).one()


def find_cpeg(session: Session, area_code: str | None) -> Group | None:
    """Return the working CPEG of an area, a vacant one too, or None where it has none."""
    chosen = select(Group).where(
        Group.kind == GroupKind.CPEG, Group.active.is_(True), Group.area_code == area_code
    )
    return session.scalars(chosen.order_by(Group.id)).first()


def is_named(session: Session, name: str, area_code: str | None) -> bool:
    """Tell whether a group of this area that has not ended has this name, large and small letters alike."""
    area = Group.area_code.is_(None) if area_code is None else Group.area_code == area_code
    chosen = select(Group.id).where(func.lower(Group.name) == name.lower(), area, Group.active.is_(True))
    return session.scalars(chosen.limit(1)).first() is not None


def taken_codes(session: Session, stem: str) -> frozenset[str]:
    """Return the codes in use that begin with `stem`."""
    return frozenset(session.scalars(select(Group.code).where(Group.code.startswith(stem, autoescape=True))))


def parents(session: Session) -> dict[int, int | None]:
    """Return what each group is part of, by its id; None where it is part of none."""
    return dict(iter(session.execute(select(Group.id, Group.parent_id).order_by(Group.id))))


def members_of(session: Session, group_id: int) -> list[Group]:
    """Return the active member groups of a CPEG by name."""
    chosen = select(Group).where(Group.parent_id == group_id, Group.active.is_(True))
    return list(session.scalars(chosen.order_by(Group.name, Group.id)))


def names(session: Session) -> dict[int, str]:
    """Return the name of every group by its id."""
    rows = session.execute(select(Group.id, Group.name).order_by(Group.id))
    return dict(iter(rows))


def communities(session: Session, group_ids: Collection[int]) -> dict[int, frozenset[Community]]:
    """Return the communities that each group reaches; a group that names none is not there."""
    chosen = select(GroupCommunity.group_id, GroupCommunity.community)
    found: dict[int, set[Community]] = {}
    for group_id, community in session.execute(chosen.where(GroupCommunity.group_id.in_(list(group_ids)))):
        found.setdefault(group_id, set()).add(community)
    return {group_id: frozenset(several) for group_id, several in found.items()}


def details_of(session: Session, group: Group) -> GroupDetails:
    """Return what the register says of `group`."""
    reached = communities(session, [group.id]).get(group.id, frozenset())
    return GroupDetails(
        name=group.name,
        kind=group.kind,
        area_code=group.area_code,
        parent_id=group.parent_id,
        about=group.about,
        website=group.website,
        members=group.members,
        communities=reached,
    )


def contacts(session: Session, group_ids: Collection[int]) -> dict[int, list[GroupContact]]:
    """Return the contacts of each group that has any, in the order they were added."""
    chosen = select(GroupContact).where(GroupContact.group_id.in_(list(group_ids)))
    found: dict[int, list[GroupContact]] = {}
    for contact in session.scalars(chosen.order_by(GroupContact.group_id, GroupContact.id)):
        found.setdefault(contact.group_id, []).append(contact)
    return found


def get_contact(session: Session, group_id: int, contact_id: int) -> GroupContact:
    """Return a contact of this group. Raises `NoResultFound`, also for one of another group."""
    chosen = select(GroupContact).where(GroupContact.id == contact_id, GroupContact.group_id == group_id)
    return session.scalars(chosen).one()


def contact_details(contact: GroupContact) -> ContactDetails:
    """Return what is said of a contact."""
    return ContactDetails(
        name=contact.name, role=contact.role, email=contact.email, telephone=contact.telephone
    )


def meetings(session: Session, group_ids: Collection[int]) -> dict[int, list[GroupMeeting]]:
    """Return the meetings of each group that has any, the first first."""
    chosen = select(GroupMeeting).where(GroupMeeting.group_id.in_(list(group_ids)))
    found: dict[int, list[GroupMeeting]] = {}
    for meeting in session.scalars(chosen.order_by(GroupMeeting.starts_at, GroupMeeting.id)):
        found.setdefault(meeting.group_id, []).append(meeting)
    return found


def get_meeting(session: Session, group_id: int, meeting_id: int) -> GroupMeeting:
    """Return a meeting of this group. Raises `NoResultFound`, also for one of another group."""
    chosen = select(GroupMeeting).where(GroupMeeting.id == meeting_id, GroupMeeting.group_id == group_id)
    return session.scalars(chosen).one()


def meeting_details(meeting: GroupMeeting) -> MeetingDetails:
    """Return what is said of a meeting."""
    return MeetingDetails(
        starts_at=meeting.starts_at,
        place=meeting.place,
        open_to_public=meeting.open_to_public,
        note=meeting.note,
    )


def find_borough(session: Session, area_code: str) -> BoroughDetail | None:
    """Return what a borough's page says besides its groups, None where nobody has said anything."""
    return session.scalars(select(BoroughDetail).where(BoroughDetail.area_code == area_code)).one_or_none()


def boroughs(session: Session) -> dict[str, BoroughDetail]:
    """Return what each borough's page says besides its groups, by the borough's code."""
    chosen = select(BoroughDetail).order_by(BoroughDetail.area_code)
    return {detail.area_code: detail for detail in session.scalars(chosen)}


def borough_details(detail: BoroughDetail | None) -> BoroughDetails:
    """Return what is said of a borough."""
    if detail is None:
        return BoroughDetails()
    return BoroughDetails(
        link_member=detail.link_member,
        link_member_contact=detail.link_member_contact,
        custody_visitors=detail.custody_visitors,
        partnership=detail.partnership,
    )


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
