"""The register as a list: narrowed, a page at a time, in as many queries for few groups as for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from engage.boroughs.models import Area
from engage.foundations.lists import nearest
from engage.groups import queries
from engage.groups.models import Group, GroupCommunity
from engage.groups.rules import Community, GroupKind, Standing

LONDON = "london"
LONGEST_WORDS = 100
Parent = aliased(Group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader asked to see; None and empty mean all of it.

    `area_code` may be `LONDON`: groups of no one borough. `standing` None: all that have not ended, and with
    `ended_too` those as well. `under` is a group: what stands below it, however deep.
    """

    kind: GroupKind | None = None
    area_code: str | None = None
    community: Community | None = None
    standing: Standing | None = None
    ended_too: bool = False
    words: str = ""
    under: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A group as the list says it."""

    group: Group
    area_name: str | None
    parent_code: str | None
    parent_name: str | None
    communities: tuple[Community, ...]
    next_meeting: datetime | None


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A page of the list; `number` and `pages` count from 1."""

    rows: Sequence[Listed]
    number: int
    pages: int
    total: int


def listed(session: Session, filters: Filters, *, number: int, per_page: int, now: datetime) -> GroupPage:
    """Return a page of the groups that pass `filters`, by name; a page beyond either end is the nearest.

    Four queries however many groups there are, five where they are those below one.
    """
    conditions = _conditions(session, filters)
    total = session.scalar(select(func.count(Group.id)).where(*conditions)) or 0
    number, pages = nearest(number, total, per_page)
    chosen = (
        select(Group, Area.name, Parent.code, Parent.name)
        .where(*conditions)
        .outerjoin(Area, Area.code == Group.area_code)
        .outerjoin(Parent, Parent.id == Group.parent_id)
        .order_by(Group.name, Group.id)
        .limit(per_page)
        .offset((number - 1) * per_page)
    )
    found = session.execute(chosen).all()
    ids = [group.id for group, *_rest in found]
    reached = queries.communities(session, ids)
    meetings = queries.next_meetings(session, ids, now)
    rows = [
        Listed(
            group=group,
            area_name=area_name,
            parent_code=parent_code,
            parent_name=parent_name,
            communities=tuple(each for each in Community if each in reached.get(group.id, ())),
            next_meeting=meetings.get(group.id),
        )
        for group, area_name, parent_code, parent_name in found
    ]
    return GroupPage(rows, number, pages, total)


def chosen_ids(session: Session, filters: Filters) -> list[int]:
    """Return the groups that pass `filters`, by name: what an export of the same list holds."""
    chosen = select(Group.id).where(*_conditions(session, filters))
    return list(session.scalars(chosen.order_by(Group.name, Group.id)))


def choices(session: Session) -> list[tuple[int, str, str | None]]:
    """Return the id, name and borough of each group that has not ended, by name, to choose from."""
    statement = (
        select(Group.id, Group.name, Area.name)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(Group.active.is_(True))
        .order_by(Group.name, Group.id)
    )
    return [(group_id, name, area) for group_id, name, area in session.execute(statement)]


def _conditions(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    found = _standing(filters)
    if filters.kind is not None:
        found.append(Group.kind == filters.kind)
    if filters.area_code == LONDON:
        found.append(Group.area_code.is_(None))
    elif filters.area_code is not None:
        found.append(Group.area_code == filters.area_code)
    if filters.community is not None:
        reaches = GroupCommunity.community == filters.community
        found.append(exists().where(GroupCommunity.group_id == Group.id, reaches))
    if filters.under is not None:
        under = set(queries.below(session, filters.under)) - {filters.under}
        found.append(Group.id.in_(sorted(under)))
    for word in filters.words.split():
        places = (Group.name, Group.about, Group.code)
        found.append(or_(*(place.icontains(word, autoescape=True) for place in places)))
    return found


def _standing(filters: Filters) -> list[ColumnElement[bool]]:
    if filters.standing is Standing.ENDED:
        return [Group.active.is_(False)]
    if filters.standing is Standing.VACANT:
        return [Group.active.is_(True), Group.vacant_since.is_not(None)]
    if filters.standing is Standing.ACTIVE:
        return [Group.active.is_(True), Group.vacant_since.is_(None)]
    return [] if filters.ended_too else [Group.active.is_(True)]
