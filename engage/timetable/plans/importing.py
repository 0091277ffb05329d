"""The calendar of plans as a table: written for spreadsheets, and read back, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.boroughs.queries import places
from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.foundations.spreadsheets import Cell
from engage.foundations.tables.reading import Row, read_rows, written
from engage.timetable.models import PlanPeriod
from engage.timetable.plans import queries, service
from engage.timetable.plans.service import PlanDetails
from engage.timetable.rules import PlanPart, PlanTier

COLUMNS = (
    "number", "title", "organisation", "tier", "part", "borough", "from", "to", "feeds", "note", "source",
)  # fmt: skip
FIELDS = {"starts_on": "from", "ends_on": "to", "area_code": "borough", "feeds_id": "feeds"}
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
MOST_ROWS = 500
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many stretches a file added, and how many it found there already."""

    added: int
    already: int


@dataclass(frozen=True, slots=True)
class Said:
    """A row of the file: its number in it, the name it goes by there, what it says and what it leads to."""

    row: int
    number: str
    details: PlanDetails
    feeds: str


def rows(session: Session) -> Iterator[Sequence[Cell]]:
    """Yield the whole calendar as a table; reading that back changes nothing."""
    yield COLUMNS
    for each in queries.periods(session):
        yield [
            each.id, each.title, each.organisation, each.tier.value, each.part.value, each.area_name or "",
            each.starts_on, each.ends_on, each.feeds_id or "", each.note, each.source,
        ]  # fmt: skip


def take_file(session: Session, *, actor: str, now: datetime, content: bytes) -> Imported:
    """Add what a CSV or workbook says; one that is there already gets its note, source and what it feeds.

    `feeds` names the `number` of another row of the file. Raises `Refused` beside `file` with the row and the
    column of the first thing that is wrong; nothing is kept then.
    """
    said = _read(
        list(read_rows(content, written(content))), {_plain(area.name): area for area in places(session)}
    )
    held = {
        service.said(each).key: each for each in session.scalars(select(PlanPeriod).order_by(PlanPeriod.id))
    }
    stored: dict[str, PlanPeriod] = {}
    added = 0
    for each in said:
        period = held.get(each.details.key)
        if period is None:
            added += 1
            period = held[each.details.key] = service.add_period(
                session, actor=actor, now=now, details=each.details
            )
        stored[each.number] = period
    for each in said:
        period = stored[each.number]
        feeds = stored[each.feeds].id if each.feeds else None
        with_feeds = replace(each.details, feeds_id=feeds)
        try:
            service.change_period(session, actor=actor, now=now, period_id=period.id, details=with_feeds)
        except Refused as refusal:
            raise _wrong(each.row, FIELDS.get(refusal.field or "", ""), refusal.message) from refusal
    audit.record(
        session, actor=actor, action="plan_period.imported", subject="plan_period:all", at=now,
        details={"added": added, "already": len(said) - added},
    )  # fmt: skip
    return Imported(added, len(said) - added)


def _read(table: Sequence[Row], areas: Mapping[str, Area]) -> Sequence[Said]:
    if not table or tuple(_plain(cell) for cell in table[0][1]) != COLUMNS:
        columns = ", ".join(COLUMNS)
        raise Refused(lazy("The first row must name these columns: %(columns)s.", columns=columns), "file")
    if len(table) - 1 > MOST_ROWS:
        raise Refused(lazy("The file has more than %(most)s rows.", most=MOST_ROWS), "file")
    said: list[Said] = []
    for number, cells in table[1:]:
        if len(cells) > len(COLUMNS):
            raise _wrong(number, COLUMNS[-1], lazy("There is something beyond the last column."))
        cell = dict(zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False))
        said.append(_one(number, cell, areas))
    _refuse_unclear_numbers(said)
    return said


def _one(row: int, cell: Mapping[str, str], areas: Mapping[str, Area]) -> Said:
    area = areas.get(_plain(cell["borough"]))
    if cell["borough"] and area is None:
        raise _wrong(
            row, "borough", lazy("There is no borough of this name. Leave it empty for all of London.")
        )
    details = PlanDetails(
        title=cell["title"],
        organisation=cell["organisation"],
        tier=_chosen(PlanTier, row, "tier", cell["tier"]),
        part=_chosen(PlanPart, row, "part", cell["part"]),
        area_code=area.code if area else None,
        starts_on=_day(row, "from", cell["from"]),
        ends_on=_day(row, "to", cell["to"]),
        note=cell["note"],
        source=cell["source"],
    )
    try:
        details = service.accepted(details)
    except Refused as refusal:
        column = FIELDS.get(refusal.field or "", refusal.field or "")
        raise _wrong(row, column, refusal.message) from refusal
    return Said(row, cell["number"] or f"row {row}", details, cell["feeds"])


def _refuse_unclear_numbers(said: Sequence[Said]) -> None:
    numbers: set[str] = set()
    for each in said:
        if each.number in numbers:
            raise _wrong(each.row, "number", lazy("Another row has this number."))
        numbers.add(each.number)
    for each in said:
        if each.feeds and each.feeds not in numbers:
            raise _wrong(each.row, "feeds", lazy("No row has this number."))


def _chosen(kind: type[Choice], row: int, column: str, typed: str) -> Choice:
    if (value := _plain(typed)) in set(kind):
        return kind(value)
    raise _wrong(row, column, lazy("Write one of: %(words)s.", words=", ".join(kind)))


def _day(row: int, column: str, typed: str) -> date:
    for form in DAYS:
        try:
            return datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise _wrong(row, column, lazy("Write a day such as 2027-04-01 or 01/04/2027."))


def _wrong(row: int, column: str, sentence: Text) -> Refused:
    if not column:
        return Refused(lazy("Row %(row)s: %(said)s", row=row, said=sentence), "file")
    return Refused(
        lazy("Row %(row)s, column “%(column)s”: %(said)s", row=row, column=column, said=sentence), "file"
    )


def _plain(typed: str) -> str:
    return " ".join(typed.split()).casefold()
