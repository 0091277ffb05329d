"""The demonstration's notices: which groups each entry asks, when they were told, and who answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.demo.content import Line, moment_in
from engage.demo.people import COORDINATORS, person_of
from engage.demo.steps import Do, Step, officer
from engage.foundations.database import transaction
from engage.people.models import Person
from engage.people.rules import Role
from engage.timetable.asking import Asks, ask
from engage.timetable.marks import groups_of
from engage.timetable.models import Entry, Notice, NoticeReceipt
from engage.timetable.notices import service
from engage.timetable.periods.service import add_period
from engage.timetable.queries import get_entry
from engage.timetable.rules import NoticeKind, PeriodKind

# Volunteers answer after their next committee: two of three groups have, a fortnight later.
ANSWERED_AFTER = timedelta(days=16, hours=10)
SILENT_OF = 3
SECRETARY = "The group’s secretary"
REMARKS = (
    "We meet the week before it opens and will have it on the agenda.",
    "",
    "Please send paper forms: many of our members are not online.",
    "",
    "Half of our committee changes in the spring. Write to the secretary as well.",
    "",
)


@dataclass(frozen=True, slots=True)
class Bad:
    """A bad time to ask that comes every year: from one day of it to another."""

    kind: PeriodKind
    title: str
    starts: tuple[int, int]
    ends: tuple[int, int]


# About when most London schools are away; each council sets its own days.
HOLIDAYS: Sequence[Bad] = (
    Bad(PeriodKind.SCHOOL_HOLIDAY, "Half term in spring", (2, 15), (2, 19)),
    Bad(PeriodKind.SCHOOL_HOLIDAY, "Easter holidays", (3, 29), (4, 11)),
    Bad(PeriodKind.SCHOOL_HOLIDAY, "Summer holidays", (7, 22), (8, 31)),
    Bad(PeriodKind.SCHOOL_HOLIDAY, "Half term in autumn", (10, 25), (10, 29)),
    Bad(PeriodKind.SCHOOL_HOLIDAY, "Christmas holidays", (12, 20), (12, 31)),
)
WEEKS_BEFORE_ELECTION = 6
THURSDAY = 3


def steps_of(lines: Iterable[Line], today: date) -> list[Step]:
    """Return the steps that ask groups, tell them and have some answer; and the bad times of two years."""
    lines = list(lines)
    first = min(line.added_at for line in lines)
    told = [Step(line.added_at, _told(line)) for line in lines]
    this_week = moment_in(today, 0)
    answers = [
        Step(at, _answered(line)) for line in lines if (at := line.added_at + ANSWERED_AFTER) < this_week
    ]
    return [Step(first, lambda session, now: _enter_bad_times(session, now, today)), *told, *answers]


def _told(line: Line) -> Do:
    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            entry = get_entry(session, line.slug)
            if groups_of(session, entry.id):
                return
            asks = Asks.BOROUGH if entry.area_code else Asks.CPEGS
            ask(session, entry_id=entry.id, area_code=entry.area_code, asks=asks)
            service.give_notice(session, actor=officer(session), now=now, entry_id=entry.id)

    return do


def _answered(line: Line) -> Do:
    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            receipts = _receipts(session, get_entry(session, line.slug))
            if any(receipt.seen_at is not None for receipt in receipts):
                return
            coordinators = {person.group_id: person.label for person in _coordinators(session)}
            for receipt in receipts:
                service.note_seen(session, receipt_id=receipt.id, now=now)
                if (receipt.group_id + receipt.notice_id) % SILENT_OF:
                    _acknowledge(session, receipt, coordinators.get(receipt.group_id, SECRETARY), now)

    return do


def _acknowledge(session: Session, receipt: NoticeReceipt, who: str, now: datetime) -> None:
    service.acknowledge(
        session,
        actor=who,
        now=now,
        receipt_id=receipt.id,
        group_ids=[receipt.group_id],
        remark=REMARKS[receipt.group_id % len(REMARKS)],
    )


def _receipts(session: Session, entry: Entry) -> list[NoticeReceipt]:
    statement = (
        select(NoticeReceipt)
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(Notice.entry_id == entry.id, Notice.kind == NoticeKind.ISSUED)
        .order_by(NoticeReceipt.group_id)
    )
    return list(session.scalars(statement))


def _coordinators(session: Session) -> Iterator[Person]:
    for member in COORDINATORS:
        if member.role is Role.COORDINATOR:
            yield person_of(session, member)


def _enter_bad_times(session: Session, now: datetime, today: date) -> None:
    with transaction(session):
        for year in (today.year, today.year + 1):
            for bad in HOLIDAYS:
                _enter(
                    session,
                    now,
                    bad.kind,
                    f"{bad.title} {year}",
                    date(year, *bad.starts),
                    date(year, *bad.ends),
                )
            if year % 2 == 0:
                # The boroughs and the Mayor are elected in turn, each every four years.
                who = "the Mayor and Assembly" if year % 4 == 0 else "borough councils"
                polls = _first_thursday(date(year, 5, 1))
                begins = polls - timedelta(weeks=WEEKS_BEFORE_ELECTION)
                _enter(session, now, PeriodKind.PRE_ELECTION, f"Election of {who} {year}", begins, polls)


def _enter(session: Session, now: datetime, kind: PeriodKind, title: str, first: date, last: date) -> None:
    add_period(
        session, actor=officer(session), now=now, kind=kind, title=title, starts_on=first, ends_on=last
    )


def _first_thursday(month: date) -> date:
    return month + timedelta(days=(THURSDAY - month.weekday()) % 7)
