"""Links, to read. Each list is one query, however many groups there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.distribution.rules import tidy_link_code
from engage.groups.models import Group
from engage.groups.rules import GroupKind
from engage.timetable.models import Entry


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with its group. `area` is None for a London-wide group."""

    id: int
    code: str
    group: str
    area: str | None
    submitted: int
    revoked: bool


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A link as its group sees it. `closes_at` is the first moment when nobody can answer any more."""

    id: int
    code: str
    group: str
    own: bool
    submitted: int
    consultation_id: int
    slug: str
    title: str
    state: State
    opens_at: datetime
    closes_at: datetime


def find_link(session: Session, code: str) -> Link | None:
    """Return the link with this code, revoked or not; how it was typed does not matter."""
    return session.scalars(select(Link).where(Link.code == tidy_link_code(code))).one_or_none()


def get_slug(session: Session, consultation_id: int) -> str:
    """Return the slug of the consultation a link leads to. Raises `NoResultFound`."""
    return session.scalars(select(Consultation.slug).where(Consultation.id == consultation_id)).one()


def links_of(session: Session, consultation_id: int) -> list[LinkRow]:
    """Return the links of a consultation by the name of their group."""
    rows = session.execute(
        select(Link, Group.name, Area.name)
        .join(Group, Group.id == Link.group_id)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(Link.consultation_id == consultation_id)
        .order_by(Group.name, Link.id)
    )
    return [
        LinkRow(
            id=link.id,
            code=link.code,
            group=group,
            area=area,
            submitted=link.submitted,
            revoked=link.revoked_at is not None,
        )
        for link, group, area in rows
    ]


def cpegs_without_link(session: Session, consultation_id: int) -> list[tuple[Group, str | None]]:
    """Return the working CPEGs that have no link to the consultation, with their area's name, by name."""
    linked = select(Link.group_id).where(Link.consultation_id == consultation_id)
    rows = session.execute(
        select(Group, Area.name)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(Group.kind == GroupKind.CPEG, Group.active.is_(True), Group.id.not_in(linked))
        .order_by(Group.name, Group.id)
    )
    return [(group, area) for group, area in rows]


def links_for_group(session: Session, group_id: int) -> list[GroupLink]:
    """Return the links of a group and of its member groups, consultations last to open first."""
    chosen = _group_links(group_id).order_by(
        Entry.opens_at.desc(), Consultation.id, (Group.id != group_id), Group.name, Link.id
    )
    return [_group_link(row, group_id) for row in session.execute(chosen)]


def get_link_for_group(session: Session, *, link_id: int, group_id: int) -> GroupLink:
    """Return a link of the group or of one of its member groups.

    Raises `NoResultFound` where there is none, and just so where it is another group's.
    """
    row = session.execute(_group_links(group_id).where(Link.id == link_id)).one()
    return _group_link(row, group_id)


def _group_links(group_id: int) -> Select[Link, Group, Consultation, datetime]:
    return (
        select(Link, Group, Consultation, Entry.opens_at)
        .join(Group, Group.id == Link.group_id)
        .join(Consultation, Consultation.id == Link.consultation_id)
        .join(Entry, Entry.id == Consultation.entry_id)
        .where(or_(Group.id == group_id, Group.parent_id == group_id), Link.revoked_at.is_(None))
    )


def _group_link(row: Row[Link, Group, Consultation, datetime], group_id: int) -> GroupLink:
    link, group, consultation, opens_at = row
    return GroupLink(
        id=link.id,
        code=link.code,
        group=group.name,
        own=group.id == group_id,
        submitted=link.submitted,
        consultation_id=consultation.id,
        slug=consultation.slug,
        title=consultation.title,
        state=consultation.state,
        opens_at=opens_at,
        closes_at=consultation.closes_at,
    )
