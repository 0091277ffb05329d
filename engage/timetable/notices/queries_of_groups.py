"""What groups have been told, as their coordinator reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engage.groups.models import Group
from engage.groups.queries import next_meetings
from engage.timetable import rules as timetable
from engage.timetable.models import Entry, EntryNews, Notice, NoticeReceipt
from engage.timetable.notices import rules
from engage.timetable.notices.queries import Told, get_receipt, history
from engage.timetable.notices.rules import Clock, Fits
from engage.timetable.rules import EntryState, NewsKind, NoticeKind

PER_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one group was told last of one entry, and how it stands with it."""

    receipt_id: int
    group_id: int
    group: str
    own: bool
    title: str
    state: EntryState
    opens_at: datetime
    last_day: date | datetime
    kind: NoticeKind
    issued_at: datetime
    seen_at: datetime | None
    acknowledged_at: datetime | None
    meets_at: datetime | None
    clock: Clock
    fits: Fits


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what groups were told; `waiting` counts on all pages what has not been acknowledged."""

    lines: Sequence[Line]
    waiting: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One notice with all that belongs to it: the entry now, the notices before, changes since."""

    receipt: NoticeReceipt
    notice: Notice
    entry: Entry
    group: str
    state: EntryState
    last_day: date | datetime
    last_day_told: date | datetime
    latest: bool
    meets_at: datetime | None
    clock: Clock
    fits: Fits
    history: Sequence[Told]
    changes_since: int

    @property
    def moved(self) -> bool:
        """Whether the dates are no longer those of the notice."""
        now = (self.entry.opened_at or self.entry.opens_at, self.entry.closes_at)
        return now != (self.notice.opens_at, self.notice.closes_at)


def told_to(
    session: Session, *, group_ids: Collection[int], own_id: int, now: datetime, page: int = 1
) -> Page:
    """Return the latest notice of each entry to each of these groups.

    What can still be passed on comes first, soonest to open; then what is over, last closed first. Four
    queries, however many groups and notices there are.
    """
    rows = sorted(
        (row for row in session.execute(_latest(group_ids))),
        key=lambda row: _order(row.Entry, row.name, row.NoticeReceipt.id, now),
    )
    pages = max(1, ceil(len(rows) / PER_PAGE))
    number = min(max(page, 1), pages)
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    meetings = next_meetings(session, {row.NoticeReceipt.group_id for row in shown}, now)
    first = _first(session, group_ids)
    lines = [
        _line(
            row.NoticeReceipt,
            row.Notice,
            row.Entry,
            row.name,
            own=row.NoticeReceipt.group_id == own_id,
            issued_at=first[(row.Entry.id, row.NoticeReceipt.group_id)],
            meets_at=meetings.get(row.NoticeReceipt.group_id),
            now=now,
        )
        for row in shown
    ]
    waiting = sum(
        row.NoticeReceipt.acknowledged_at is None and _running(row.Entry, now) for row in rows
    )  # fmt: skip
    return Page(lines, waiting, number, pages)


def waiting(session: Session, group_id: int, now: datetime) -> int:
    """Return how many notices to a group are of what is to come or open, and not acknowledged."""
    rows = session.execute(_latest([group_id]))
    return sum(row.NoticeReceipt.acknowledged_at is None and _running(row.Entry, now) for row in rows)


def get_told(session: Session, *, receipt_id: int, group_ids: Collection[int], now: datetime) -> Whole:
    """Return one notice to one of these groups; raises `NoResultFound` for any other."""
    receipt = get_receipt(session, receipt_id, group_ids)
    notice = session.get_one(Notice, receipt.notice_id)
    entry = session.get_one(Entry, notice.entry_id)
    before = history(session, entry_id=entry.id, group_id=receipt.group_id)
    meets_at = next_meetings(session, [receipt.group_id], now).get(receipt.group_id)
    opening = entry.opened_at or entry.opens_at
    changes = select(func.count(EntryNews.id)).where(
        EntryNews.entry_id == entry.id,
        EntryNews.kind == NewsKind.CHANGED,
        EntryNews.at > receipt.issued_at,
    )
    return Whole(
        receipt=receipt,
        notice=notice,
        entry=entry,
        group=session.get_one(Group, receipt.group_id).name,
        state=timetable.state(entry, now),
        last_day=timetable.closing_said(entry.closes_at),
        last_day_told=timetable.closing_said(notice.closes_at),
        latest=before[0].notice.id == notice.id,
        meets_at=meets_at,
        clock=rules.clock(before[-1].receipt.issued_at, opening, now),
        fits=rules.fits(meets_at, opening, entry.closes_at),
        history=before,
        changes_since=session.scalars(changes).one(),
    )


def _latest(group_ids: Collection[int]) -> Select[NoticeReceipt, Notice, Entry, str]:
    """Return the statement for the latest notice of each entry to each group."""
    of_each = (
        select(func.max(NoticeReceipt.id))
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(NoticeReceipt.group_id.in_(group_ids))
        .group_by(Notice.entry_id, NoticeReceipt.group_id)
    )
    return (
        select(NoticeReceipt, Notice, Entry, Group.name)
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .join(Entry, Entry.id == Notice.entry_id)
        .join(Group, Group.id == NoticeReceipt.group_id)
        .where(NoticeReceipt.id.in_(of_each))
        .order_by(NoticeReceipt.id)
    )


def _first(session: Session, group_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """Return when each group was first told of each entry."""
    first = func.min(NoticeReceipt.issued_at, type_=NoticeReceipt.issued_at.type)
    statement = (
        select(Notice.entry_id, NoticeReceipt.group_id, first)
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(NoticeReceipt.group_id.in_(group_ids))
        .group_by(Notice.entry_id, NoticeReceipt.group_id)
    )
    return {(entry_id, group_id): at for entry_id, group_id, at in session.execute(statement)}


def _running(entry: Entry, now: datetime) -> bool:
    return timetable.state(entry, now) in (EntryState.FORTHCOMING, EntryState.OPEN)


def _order(entry: Entry, group: str, receipt_id: int, now: datetime) -> tuple[object, ...]:
    if _running(entry, now):
        return (0, entry.opens_at.timestamp(), entry.id, group, receipt_id)
    return (1, -entry.closes_at.timestamp(), entry.id, group, receipt_id)


def _line(
    receipt: NoticeReceipt,
    notice: Notice,
    entry: Entry,
    group: str,
    *,
    own: bool,
    issued_at: datetime,
    meets_at: datetime | None,
    now: datetime,
) -> Line:
    opening = entry.opened_at or entry.opens_at
    return Line(
        receipt_id=receipt.id,
        group_id=receipt.group_id,
        group=group,
        own=own,
        title=entry.title,
        state=timetable.state(entry, now),
        opens_at=opening,
        last_day=timetable.closing_said(entry.closes_at),
        kind=notice.kind,
        issued_at=issued_at,
        seen_at=receipt.seen_at,
        acknowledged_at=receipt.acknowledged_at,
        meets_at=meets_at,
        clock=rules.clock(issued_at, opening, now),
        fits=rules.fits(meets_at, opening, entry.closes_at),
    )
