"""Links, to read. Each list is one query, however many groups there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from engage.boroughs.models import Area
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind, tidy_link_code
from engage.distribution.tree import Counts, LinkRow
from engage.groups.models import Group
from engage.groups.rules import GroupKind
from engage.timetable.models import Entry

_BECAME = aliased(Group)


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A link as its group sees it. `closes_at` is the first moment when nobody can answer any more.

    `own`: it is the group's main link, not one of its events, posters or member groups.
    """

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
    kind: LinkKind = LinkKind.GROUP
    label: str = ""
    group_id: int | None = None

    @property
    def name(self) -> str:
        """What the link is called: its label, else its group."""
        return self.label or self.group


@dataclass(frozen=True, slots=True)
class Asked:
    """A consultation to which a group has links, or could have."""

    id: int
    slug: str
    title: str
    state: State
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Linkable:
    """A group that could have a link to a consultation, and has none."""

    id: int
    name: str
    kind: GroupKind
    area: str | None
    above: str | None


def find_link(session: Session, code: str) -> Link | None:
    """Return the link with this code, revoked or not; how it was typed does not matter."""
    return session.scalars(select(Link).where(Link.code == tidy_link_code(code))).one_or_none()


def get_link(session: Session, *, link_id: int, consultation_id: int) -> Link:
    """Return a link of the consultation. Raises `NoResultFound`, also where it is another's."""
    chosen = select(Link).where(Link.id == link_id, Link.consultation_id == consultation_id)
    return session.scalars(chosen).one()


def get_slug(session: Session, consultation_id: int) -> str:
    """Return the slug of the consultation a link leads to. Raises `NoResultFound`."""
    return session.scalars(select(Consultation.slug).where(Consultation.id == consultation_id)).one()


def links_of(session: Session, consultation_id: int) -> list[LinkRow]:
    """Return the links of a consultation: the authority's, then by the name of their group and their own."""
    chosen = _rows().where(Link.consultation_id == consultation_id).order_by(*_ORDER)
    return [_row(row) for row in session.execute(chosen)]


def links_in_family(
    session: Session, group_id: int, consultation_ids: Iterable[int] | None = None
) -> list[LinkRow]:
    """Return the links of a group and of all below it or merged into them, in the order of `links_of`."""
    family = _family(group_id)
    chosen = _rows().where(Link.group_id.in_(select(family.c.id)))
    if consultation_ids is not None:
        chosen = chosen.where(Link.consultation_id.in_(list(consultation_ids)))
    return [_row(row) for row in session.execute(chosen.order_by(*_ORDER))]


def family(session: Session, group_id: int) -> set[int]:
    """Return the ids of a group, of all groups below it, and of those that became one of them."""
    return set(session.scalars(select(_family(group_id).c.id)))


def asked_of_family(session: Session, group_id: int) -> list[Asked]:
    """Return the consultations to which the group or a group below it has a link, last to open first."""
    linked = select(Link.consultation_id).where(Link.group_id.in_(select(_family(group_id).c.id)))
    rows = session.execute(
        select(
            Consultation.id,
            Consultation.slug,
            Consultation.title,
            Consultation.state,
            Entry.opens_at,
            Consultation.closes_at,
        )
        .join(Entry, Entry.id == Consultation.entry_id)
        .where(Consultation.id.in_(linked))
        .order_by(Entry.opens_at.desc(), Consultation.id)
    )
    return [Asked(*row) for row in rows]


def cpegs_without_link(session: Session, consultation_id: int) -> list[tuple[Group, str | None]]:
    """Return the working CPEGs that have no link to the consultation, with their area's name, by name."""
    rows = session.execute(
        _without_link(consultation_id, Group, Area.name).where(Group.kind == GroupKind.CPEG)
    )
    return [(group, area) for group, area in rows]


def groups_without_link(
    session: Session, consultation_id: int, *, within: int | None = None
) -> list[Linkable]:
    """Return the working groups that have no link to the consultation, by name.

    `within`: only those below this group.
    """
    above = aliased(Group)
    chosen = _without_link(
        consultation_id, Group.id, Group.name, Group.kind, Area.name, above.name
    ).outerjoin(above, above.id == Group.parent_id)
    if within is not None:
        chosen = chosen.where(Group.id.in_(select(_family(within).c.id)))
    return [Linkable(*row) for row in session.execute(chosen)]


def count_events(session: Session, parent_id: int) -> int:
    """Return how many links for events and posters stand under a link, revoked ones among them."""
    chosen = select(func.count()).where(
        Link.parent_id == parent_id, Link.kind.in_((LinkKind.EVENT, LinkKind.POSTER))
    )
    return session.scalar(chosen) or 0


def links_for_group(session: Session, group_id: int) -> list[GroupLink]:
    """Return the links in use of a group and of the groups below it, consultations last to open first."""
    chosen = _group_links(group_id).order_by(
        Entry.opens_at.desc(),
        Consultation.id,
        (Group.id != group_id),
        (Link.kind != LinkKind.GROUP),
        Group.name,
        Link.id,
    )
    return [_group_link(row, group_id) for row in session.execute(chosen)]


def get_link_for_group(
    session: Session, *, link_id: int, group_id: int, revoked_too: bool = False
) -> GroupLink:
    """Return a link of the group or of one below it, which is in use unless `revoked_too`.

    Raises `NoResultFound` where there is none, and just so where it is another group's.
    """
    row = session.execute(_group_links(group_id, revoked_too).where(Link.id == link_id)).one()
    return _group_link(row, group_id)


def group_lines(session: Session) -> dict[int, tuple[int | None, int | None]]:
    """Return for every group its parent and the group it was merged into."""
    rows = session.execute(select(Group.id, Group.parent_id, Group.merged_into_id).order_by(Group.id))
    return {group_id: (parent, became) for group_id, parent, became in rows}


def residents(session: Session, group_id: int) -> tuple[str, int] | None:
    """Return a group's area and how many people live there (Census 2021); None for a London-wide group."""
    row = session.execute(
        select(Area.name, Area.residents)
        .join(Group, Group.area_code == Area.code)
        .where(Group.id == group_id, Area.residents.is_not(None))
    ).one_or_none()
    return (row[0], row[1] or 0) if row else None


_ORDER = (Group.name.is_not(None), Group.name, (Link.kind != LinkKind.GROUP), Link.label, Link.id)


def _rows() -> Select[*tuple[Any, ...]]:
    """Return what a list of links is made of: columns, not objects, because there may be thousands."""
    return (
        select(
            Link.id,
            Link.code,
            Link.kind,
            Link.parent_id,
            Link.label,
            Link.group_id,
            Group.name.label("group"),
            Area.name.label("area"),
            Link.opened,
            Link.started,
            Link.submitted,
            Link.target,
            Link.revoked_at,
            Group.active,
            _BECAME.name.label("became"),
            Group.area_code,
            Link.consultation_id,
        )
        .outerjoin(Group, Group.id == Link.group_id)
        .outerjoin(Area, Area.code == Group.area_code)
        .outerjoin(_BECAME, _BECAME.id == Group.merged_into_id)
    )


def _row(row: Row[Any]) -> LinkRow:
    return LinkRow(
        id=row.id,
        code=row.code,
        kind=row.kind,
        parent_id=row.parent_id,
        label=row.label,
        group_id=row.group_id,
        group=row.group,
        area=row.area,
        counts=Counts(row.opened, row.started, row.submitted),
        target=row.target,
        revoked=row.revoked_at is not None,
        ended=row.active is False,
        merged_into=row.became,
        area_code=row.area_code,
        consultation_id=row.consultation_id,
    )


def _family(group_id: int) -> CTE:
    tree = select(Group.id).where(Group.id == group_id).cte("family", recursive=True)
    # UNION, not UNION ALL: a ring in the data would end here too.
    below = select(Group.id).where((Group.parent_id == tree.c.id) | (Group.merged_into_id == tree.c.id))
    return tree.union(below)


def _without_link(consultation_id: int, *columns: Any) -> Select[Any]:
    linked = select(Link.group_id).where(
        Link.consultation_id == consultation_id, Link.kind == LinkKind.GROUP, Link.group_id.is_not(None)
    )
    return (
        select(*columns)
        .select_from(Group)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(Group.active.is_(True), Group.id.not_in(linked))
        .order_by(Group.name, Group.id)
    )


def _group_links(group_id: int, revoked_too: bool = False) -> Select[Link, Group, Consultation, datetime]:
    chosen = (
        select(Link, Group, Consultation, Entry.opens_at)
        .join(Group, Group.id == Link.group_id)
        .join(Consultation, Consultation.id == Link.consultation_id)
        .join(Entry, Entry.id == Consultation.entry_id)
        .where(Group.id.in_(select(_family(group_id).c.id)))
    )
    return chosen if revoked_too else chosen.where(Link.revoked_at.is_(None))


def _group_link(row: Row[Link, Group, Consultation, datetime], group_id: int) -> GroupLink:
    link, group, consultation, opens_at = row
    return GroupLink(
        id=link.id,
        code=link.code,
        group=group.name,
        own=group.id == group_id and link.kind is LinkKind.GROUP,
        submitted=link.submitted,
        consultation_id=consultation.id,
        slug=consultation.slug,
        title=consultation.title,
        state=consultation.state,
        opens_at=opens_at,
        closes_at=consultation.closes_at,
        kind=link.kind,
        label=link.label,
        group_id=link.group_id,
    )
