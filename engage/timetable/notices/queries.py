"""Who has been told what of an entry, in a fixed number of queries however many groups there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.groups.models import Group
from engage.groups.queries import addresses_of, next_meetings
from engage.groups.rules import GroupKind
from engage.people.queries import addresses_of_coordinators
from engage.timetable.models import Entry, EntryGroup, Notice, NoticeReceipt
from engage.timetable.notices import rules
from engage.timetable.notices.rules import Clock, Fits
from engage.timetable.queries import Listed
from engage.timetable.rules import NoticeKind


class Addressed(Protocol):
    """What tells, besides the register, where a group is written to."""

    @property
    def id(self) -> int: ...
    @property
    def vacant_since(self) -> date | None: ...
    @property
    def covered_by(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A group that is told of entries: who it is, and who stands in for it while it is vacant."""

    id: int
    name: str
    kind: GroupKind
    area: str | None
    vacant_since: date | None
    covered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a group stands with an entry. `issued_at` is the first notice; the rest is of the latest one."""

    group: Reached
    issued_at: datetime | None
    receipt_id: int | None
    latest: NoticeKind | None
    seen_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    remark: str
    addresses: tuple[str, ...]
    meets_at: datetime | None
    clock: Clock
    fits: Fits


@dataclass(frozen=True, slots=True)
class Told:
    """What one group was told: its receipt, and the notice it belongs to."""

    receipt: NoticeReceipt
    notice: Notice


def asked_groups(session: Session, entry_id: int) -> list[Reached]:
    """Return the working groups that the entry asks, by name.

    For a group that was merged stands the one it became; one that has ended otherwise is left out.
    """
    asked = set(session.scalars(select(EntryGroup.group_id).where(EntryGroup.entry_id == entry_id)))
    return reached(session, surviving(session, asked))


def surviving(session: Session, group_ids: Iterable[int]) -> set[int]:
    """Return these groups, for each that was merged the one it became; one query for all."""
    merged = select(Group.id, Group.merged_into_id).where(Group.merged_into_id.is_not(None))
    became: dict[int, int | None] = dict(iter(session.execute(merged.order_by(Group.id))))
    found = set()
    for group_id in group_ids:
        seen = {group_id}
        while (after := became.get(group_id)) is not None and after not in seen:
            seen.add(after)
            group_id = after
        found.add(group_id)
    return found


def reached(session: Session, group_ids: Collection[int]) -> list[Reached]:
    """Return the working ones of these groups by name."""
    rows = session.execute(
        select(Group.id, Group.name, Group.kind, Area.name, Group.vacant_since, Group.covered_by)
        .outerjoin(Area, Area.code == Group.area_code)
        .where(Group.id.in_(group_ids), Group.active.is_(True))
        .order_by(Group.name, Group.id)
    )
    return [
        Reached(id=id_, name=name, kind=kind, area=area, vacant_since=vacant, covered_by=covered)
        for id_, name, kind, area, vacant, covered in rows
    ]


def issued(session: Session, entry_id: int) -> Mapping[int, datetime]:
    """Return when each group was first told of the entry."""
    first = func.min(NoticeReceipt.issued_at, type_=NoticeReceipt.issued_at.type)
    statement = (
        select(NoticeReceipt.group_id, first)
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(Notice.entry_id == entry_id)
        .group_by(NoticeReceipt.group_id)
    )
    return dict(iter(session.execute(statement)))


def standings(session: Session, entry: Entry | Listed, now: datetime) -> list[Standing]:
    """Return how each group that the entry asks stands with it at `now`, by name."""
    groups = asked_groups(session, entry.id)
    ids = [group.id for group in groups]
    first, latest = issued(session, entry.id), _latest(session, entry.id)
    written_to = addresses(session, groups)
    meetings = next_meetings(session, ids, now)
    opening = entry.opened_at or entry.opens_at
    found = []
    for group in groups:
        last = latest.get(group.id)
        issued_at, meets_at = first.get(group.id), meetings.get(group.id)
        found.append(
            Standing(
                group=group,
                issued_at=issued_at,
                receipt_id=last[0] if last else None,
                latest=last[1] if last else None,
                seen_at=last[2] if last else None,
                acknowledged_at=last[3] if last else None,
                acknowledged_by=last[4] if last else "",
                remark=last[5] if last else "",
                addresses=written_to[group.id],
                meets_at=meets_at,
                clock=rules.clock(issued_at, opening, now),
                fits=rules.fits(meets_at, opening, entry.closes_at),
            )
        )
    return found


def _latest(
    session: Session, entry_id: int
) -> Mapping[int, tuple[int, NoticeKind, datetime | None, datetime | None, str, str]]:
    """Return of the latest notice to each group: receipt, kind, seen, acknowledged, by whom, remark."""
    rows = session.execute(
        select(
            NoticeReceipt.group_id,
            NoticeReceipt.id,
            Notice.kind,
            NoticeReceipt.seen_at,
            NoticeReceipt.acknowledged_at,
            NoticeReceipt.acknowledged_by,
            NoticeReceipt.remark,
        )
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(Notice.entry_id == entry_id)
        .order_by(Notice.id, NoticeReceipt.id)
    )
    # The last of each group is the one that stays.
    return {group_id: tuple(rest) for group_id, *rest in rows}  # type: ignore[misc]


def addresses(session: Session, groups: Collection[Addressed]) -> Mapping[int, tuple[str, ...]]:
    """Return where each group is written to: its contacts, its coordinators and, while vacant, who covers."""
    ids = [group.id for group in groups]
    contacts, coordinators = addresses_of(session, ids), addresses_of_coordinators(session, ids)
    return {
        group.id: tuple(
            dict.fromkeys(
                (
                    *(rules.addresses_in(group.covered_by) if group.vacant_since else ()),
                    *contacts.get(group.id, ()),
                    *coordinators.get(group.id, ()),
                )
            )
        )
        for group in groups
    }


def short_of_notice(session: Session, entry_id: int, opening_at: datetime) -> tuple[str, ...] | None:
    """Return the names of the asked groups that would have less than three months before `opening_at`.

    None where the entry asks no groups: then its own day of notice is all there is to go by.
    """
    groups = asked_groups(session, entry_id)
    if not groups:
        return None
    first = issued(session, entry_id)
    return tuple(
        group.name for group in groups if not rules.clock(first.get(group.id), opening_at, opening_at).enough
    )


def get_receipt(session: Session, receipt_id: int, group_ids: Collection[int]) -> NoticeReceipt:
    """Return a receipt of one of these groups; raises `NoResultFound` for any other."""
    statement = select(NoticeReceipt).where(
        NoticeReceipt.id == receipt_id, NoticeReceipt.group_id.in_(group_ids)
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def history(session: Session, *, entry_id: int, group_id: int) -> list[Told]:
    """Return all that a group was told of an entry, the latest first."""
    statement = (
        select(NoticeReceipt, Notice)
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(Notice.entry_id == entry_id, NoticeReceipt.group_id == group_id)
        .order_by(Notice.id.desc())
    )
    return [Told(receipt, notice) for receipt, notice in session.execute(statement)]


def notices_of(session: Session, entry_id: int) -> list[Notice]:
    """Return the notices of an entry, the latest first."""
    statement = select(Notice).where(Notice.entry_id == entry_id).order_by(Notice.id.desc())
    return list(session.scalars(statement))
