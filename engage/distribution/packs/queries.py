"""What packs are made of, to read: a constant number of queries, however many links."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind
from engage.groups.models import Group
from engage.groups.rules import GroupKind
from engage.timetable.marks import marks_of
from engage.timetable.models import Entry
from engage.timetable.rules import Method


@dataclass(frozen=True, slots=True)
class PackLink:
    """A link with its consultation's entry; `group` is None for the authority's own."""

    link: Link
    group: Group | None
    area: str | None
    entry: Entry
    slug: str
    state: State
    closes_at: datetime
    methods: frozenset[Method]


def get_link(session: Session, link_id: int, *, group_ids: Collection[int]) -> PackLink:
    """Return a link of one of the groups; raises `NoResultFound`, and just so where it is another's."""
    return _one(_read(session, Link.id == link_id, Link.group_id.in_(group_ids)))


def get_link_of(session: Session, link_id: int, *, slug: str) -> PackLink:
    """Return a link of the consultation called `slug`, whoever's it is; raises `NoResultFound`."""
    return _one(_read(session, Link.id == link_id, Consultation.slug == slug))


def cpeg_links(session: Session, slug: str) -> list[PackLink]:
    """Return the links of the CPEGs to a consultation that were not taken back, by the name of the group."""
    return _read(
        session,
        Consultation.slug == slug,
        Link.kind == LinkKind.GROUP,
        Link.revoked_at.is_(None),
        Group.kind == GroupKind.CPEG,
    )


def _one(found: list[PackLink]) -> PackLink:
    if not found:
        raise NoResultFound
    return found[0]


def _read(session: Session, *conditions: ColumnElement[bool]) -> list[PackLink]:
    rows = session.execute(
        select(Link, Group, Area.name, Entry, Consultation)
        .join(Consultation, Consultation.id == Link.consultation_id)
        .join(Entry, Entry.id == Consultation.entry_id)
        .outerjoin(Group, Group.id == Link.group_id)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(*conditions)
        .order_by(Group.name, Link.id)
    ).all()
    marks = marks_of(session, {row.Entry.id for row in rows})
    return [
        PackLink(
            link,
            group,
            area,
            entry,
            consultation.slug,
            consultation.state,
            consultation.closes_at,
            frozenset(marks[entry.id].methods),
        )
        for link, group, area, entry, consultation in rows
    ]
