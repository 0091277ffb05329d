"""What the pages of groups and boroughs read from later rooms: what a group was asked, what goes on where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.groups import queries as groups
from engage.groups.models import BoroughDetail, Group, GroupMeeting
from engage.groups.rules import COMMUNITIES, Community
from engage.timetable import queries as timetable
from engage.timetable.models import Entry, EntryGroup, Notice, NoticeReceipt
from engage.timetable.queries import Filters, Listed
from engage.timetable.rules import EntryState, grouped

MOST_ASKS = 50
MOST_MEETINGS = 5


@dataclass(frozen=True, slots=True)
class Ask:
    """An entry that named a group, and when the group was first told of it and first said so."""

    slug: str
    title: str
    opens_at: datetime
    closes_at: datetime
    cancelled: bool
    told_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """A coming meeting that anybody may come to, and the group that holds it."""

    meeting: GroupMeeting
    group: Group


@dataclass(frozen=True, slots=True)
class Local:
    """A borough's page. `meetings`: those open to the public of its groups, soonest first."""

    area: Area
    cpeg: Group | None
    communities: Sequence[Community]
    detail: BoroughDetail | None
    meetings: Sequence[PublicMeeting]
    states: Mapping[EntryState, Sequence[Listed]]

    @property
    def community_names(self) -> list[str]:
        """What the communities are called that its group reaches."""
        return [str(COMMUNITIES[community]) for community in self.communities]


def asks_of(session: Session, group_id: int) -> list[Ask]:
    """Return the published entries that named a group, the last to open first, in one query."""
    told = (
        select(
            Notice.entry_id,
            func.min(NoticeReceipt.issued_at, type_=NoticeReceipt.issued_at.type).label("told_at"),
            func.min(NoticeReceipt.acknowledged_at, type_=NoticeReceipt.issued_at.type).label("said_at"),
        )
        .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(NoticeReceipt.group_id == group_id)
        .group_by(Notice.entry_id)
        .subquery()
    )
    statement = (
        select(Entry, told.c.told_at, told.c.said_at)
        .join(EntryGroup, EntryGroup.entry_id == Entry.id)
        .outerjoin(told, told.c.entry_id == Entry.id)
        .where(EntryGroup.group_id == group_id, Entry.published_at.is_not(None))
        .order_by(Entry.opens_at.desc(), Entry.id.desc())
        .limit(MOST_ASKS)
    )
    return [
        Ask(
            slug=entry.slug,
            title=entry.title,
            opens_at=entry.opens_at,
            closes_at=entry.closes_at,
            cancelled=entry.cancelled_at is not None,
            told_at=told_at,
            acknowledged_at=said_at,
        )
        for entry, told_at, said_at in session.execute(statement)
    ]


def local(session: Session, area: Area, now: datetime) -> Local:
    """Return what the page of `area` says at `now`; it works without any group."""
    cpeg = groups.find_cpeg(session, area.code)
    reached = groups.communities(session, [cpeg.id]).get(cpeg.id, frozenset()) if cpeg else frozenset()
    return Local(
        area=area,
        cpeg=cpeg,
        communities=[community for community in Community if community in reached],
        detail=groups.find_borough(session, area.code),
        meetings=_meetings(session, area.code, now),
        states=grouped(timetable.entries(session, Filters(area_code=area.code)), now),
    )


def everywhere(session: Session, now: datetime) -> Mapping[EntryState, Sequence[Listed]]:
    """Return what all of London is asked, for somebody of no borough."""
    asked = [entry for entry in timetable.entries(session) if entry.area_code is None]
    return grouped(asked, now)


def _meetings(session: Session, area_code: str, now: datetime) -> list[PublicMeeting]:
    statement = (
        select(GroupMeeting, Group)
        .join(Group, Group.id == GroupMeeting.group_id)
        .where(
            Group.area_code == area_code,
            Group.active.is_(True),
            GroupMeeting.open_to_public.is_(True),
            GroupMeeting.starts_at > now,
        )
        .order_by(GroupMeeting.starts_at, GroupMeeting.id)
        .limit(MOST_MEETINGS)
    )
    return [PublicMeeting(meeting, group) for meeting, group in session.execute(statement)]
