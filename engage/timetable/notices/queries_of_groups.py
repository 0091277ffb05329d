"""What groups have been told, as their coordinator reads it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations.lists import part
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
    tops, entries = _tops(session, group_ids)
    tops.sort(key=lambda top: _order(entries[top.entry_id], top, now))
    shown = part(tops, page, PER_PAGE)
    meetings = next_meetings(session, {top.group_id for top in shown.items}, now)
    told = _told(session, [top.receipt_id for top in shown.items])
    lines = [
        _line(
            told[top.receipt_id],
            entries[top.entry_id],
            top,
            own=top.group_id == own_id,
            meets_at=meetings.get(top.group_id),
            now=now,
        )
        for top in shown.items
    ]
    return Page(lines, _waiting(tops, entries, now), shown.number, shown.pages)


def waiting(session: Session, group_id: int, now: datetime) -> int:
    """Return how many notices to a group are of what is to come or open, and not acknowledged."""
    tops, entries = _tops(session, [group_id])
    return _waiting(tops, entries, now)


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


class Top(NamedTuple):
    """The latest notice of an entry to a group, and when the group was first told."""

    receipt_id: int
    entry_id: int
    group_id: int
    group: str
    issued_at: datetime
    acknowledged_at: datetime | None


def _tops(session: Session, group_ids: Collection[int]) -> tuple[list[Top], Mapping[int, Entry]]:
    """Return the latest notice of each entry to each of these groups, and those entries by id."""
    of_each = (
        select(
            func.max(NoticeReceipt.id).label("id"),
            func.min(NoticeReceipt.issued_at, type_=NoticeReceipt.issued_at.type).label("first"),
            Notice.entry_id,
        )
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(NoticeReceipt.group_id.in_(group_ids))
        .group_by(Notice.entry_id, NoticeReceipt.group_id)
        .subquery()
    )
    rows = session.execute(
        select(
            of_each.c.id,
            of_each.c.entry_id,
            NoticeReceipt.group_id,
            Group.name,
            of_each.c.first,
            NoticeReceipt.acknowledged_at,
        )
        .join(NoticeReceipt, NoticeReceipt.id == of_each.c.id)
        .join(Group, Group.id == NoticeReceipt.group_id)
        .order_by(of_each.c.id)
    )
    tops = [Top(*row) for row in rows]
    chosen = select(Entry).where(Entry.id.in_({top.entry_id for top in tops})).order_by(Entry.id)
    return tops, {entry.id: entry for entry in session.scalars(chosen)}


def _told(session: Session, receipt_ids: Collection[int]) -> Mapping[int, Told]:
    """Return what each of these receipts is of."""
    statement = (
        select(NoticeReceipt, Notice)
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(NoticeReceipt.id.in_(receipt_ids))
        .order_by(NoticeReceipt.id)
    )
    return {receipt.id: Told(receipt, notice) for receipt, notice in session.execute(statement)}


def _waiting(tops: Collection[Top], entries: Mapping[int, Entry], now: datetime) -> int:
    running = {entry_id for entry_id, entry in entries.items() if _running(entry, now)}
    return sum(top.acknowledged_at is None and top.entry_id in running for top in tops)


def _running(entry: Entry, now: datetime) -> bool:
    return timetable.state(entry, now) in (EntryState.FORTHCOMING, EntryState.OPEN)


def _order(entry: Entry, top: Top, now: datetime) -> tuple[object, ...]:
    if _running(entry, now):
        return (0, entry.opens_at.timestamp(), entry.id, top.group, top.receipt_id)
    return (1, -entry.closes_at.timestamp(), entry.id, top.group, top.receipt_id)


def _line(told: Told, entry: Entry, top: Top, *, own: bool, meets_at: datetime | None, now: datetime) -> Line:
    opening = entry.opened_at or entry.opens_at
    return Line(
        receipt_id=top.receipt_id,
        group_id=top.group_id,
        group=top.group,
        own=own,
        title=entry.title,
        state=timetable.state(entry, now),
        opens_at=opening,
        last_day=timetable.closing_said(entry.closes_at),
        kind=told.notice.kind,
        issued_at=top.issued_at,
        seen_at=told.receipt.seen_at,
        acknowledged_at=top.acknowledged_at,
        meets_at=meets_at,
        clock=rules.clock(top.issued_at, opening, now),
        fits=rules.fits(meets_at, opening, entry.closes_at),
    )
