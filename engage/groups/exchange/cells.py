"""What a file of groups says: each cell read as what it means, each fault with its place. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.foundations.tables.reading import Row
from engage.groups import meetings
from engage.groups.details import (
    MOST_CONTACTS,
    ContactDetails,
    MeetingDetails,
    checked_contact,
    checked_meeting,
)
from engage.groups.exchange.columns import (
    ACTIVE,
    CONTACT,
    ENDED,
    LONDON_WIDE,
    MEETING,
    NO,
    OF_GROUP,
    YES,
    Column,
)
from engage.groups.rules import COMMUNITIES, KINDS, Community, GroupKind, code_from

# Where the details of a contact and of a meeting stand.
_PLACES = {
    "name": Column.CONTACT_NAME,
    "role": Column.CONTACT_ROLE,
    "email": Column.CONTACT_EMAIL,
    "telephone": Column.CONTACT_TELEPHONE,
    "place": Column.MEETING_PLACE,
    "note": Column.MEETING_NOTE,
}
Cells = Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which row and under which heading."""

    row: int
    column: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one group, with the numbers a spreadsheet shows beside them; the first says what it is.

    `own_code`: the file says its code; otherwise it was made from the name.
    """

    code: str
    rows: Sequence[tuple[int, Cells]]
    own_code: bool = True

    @property
    def row(self) -> int:
        """The number of the first row."""
        return self.rows[0][0]

    @property
    def first(self) -> Cells:
        """The cells of the first row."""
        return self.rows[0][1]


@dataclass
class Sheet:
    """A file: the columns it has, its groups in their order, and what is wrong with how it is laid out."""

    columns: tuple[Column, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def plain(text: str) -> str:
    """Return a text without case, and with its blanks as single ones."""
    return " ".join(text.split()).casefold()


def sheet_of(rows: Sequence[Row]) -> Sheet:
    """Return the groups that `rows`, headings first, are about. Nothing in their cells is read yet."""
    number, headings = rows[0]
    sheet = Sheet()
    places = _places(number, headings, sheet)
    sheet.columns = tuple(places.values())
    if sheet.faults:
        return sheet
    block: list[tuple[int, Cells]] = []
    code = ""
    begun: dict[str, int] = {}
    for number, row in rows[1:]:
        cells = {column: row[place] for place, column in places.items() if place < len(row) and row[place]}
        named = _code(cells) or code
        if not named:
            sheet.faults.append(Fault(number, Column.CODE, lazy("Say which group this row is about.")))
            continue
        if named != code:
            if named in begun:
                said = lazy("“%(code)s” is the group of row %(row)s already.", code=named, row=begun[named])
                sheet.faults.append(Fault(number, Column.CODE, said))
            code, block = named, []
            begun.setdefault(named, number)
            sheet.blocks.append(Block(code, block, Column.CODE in cells))
        elif block:
            _refuse_another(block, number, cells, sheet)
        block.append((number, cells))
    return sheet


def _places(number: int, headings: Sequence[str], sheet: Sheet) -> dict[int, Column]:
    known = {plain(column.value): column for column in Column}
    places: dict[int, Column] = {}
    for place, heading in enumerate(headings):
        column = known.get(plain(heading))
        if column is None:
            sheet.faults.append(Fault(number, heading[:60], lazy("We know no column of this name.")))
        elif column in places.values():
            sheet.faults.append(Fault(number, column, lazy("There are two columns of this name.")))
        else:
            places[place] = column
    has = set(places.values())
    if not has & {Column.CODE, Column.NAME}:
        sheet.faults.append(Fault(number, Column.CODE, lazy("The file needs a column of codes or of names.")))
    for together in (CONTACT, MEETING):
        if has & set(together) and not has >= set(together):
            missing = next(column for column in together if column not in has)
            said = lazy("This column is missing: the others that begin with the same word need it.")
            sheet.faults.append(Fault(number, missing, said))
    return places


def _code(cells: Cells) -> str:
    """Return the code of the group that a row is about: its own, or that of its name."""
    if code := cells.get(Column.CODE, ""):
        return code
    return code_from(cells[Column.NAME]) if Column.NAME in cells else ""


def _refuse_another(block: list[tuple[int, Cells]], number: int, cells: Cells, sheet: Sheet) -> None:
    first, said = block[0]
    for column in OF_GROUP:
        if column in cells and cells[column] != said.get(column, ""):
            sentence = lazy("Row %(row)s says something else of the same group.", row=first)
            sheet.faults.append(Fault(number, column, sentence))


def values_of(block: Block, areas: Mapping[str, str], faults: list[Fault]) -> dict[Column, Any]:
    """Return what the first row of a group says by its columns, and write down what cannot be read.

    `areas` are codes by their names, in small letters, and by themselves.
    """
    read: dict[Column, Callable[[str], Any]] = {
        Column.KIND: _kind,
        Column.BOROUGH: lambda cell: _area(cell, areas),
        Column.STATE: _state,
        Column.VACANT_SINCE: _day,
        Column.MEMBERS: _members,
        Column.COMMUNITIES: _communities,
    }
    values: dict[Column, Any] = {}
    for column in (Column.NAME, *OF_GROUP):
        cell = block.first.get(column, "")
        try:
            values[column] = read[column](cell) if column in read else cell
        except Refused as refusal:
            faults.append(Fault(block.row, column, refusal.message))
    return values


def contacts_of(block: Block, faults: list[Fault]) -> tuple[ContactDetails, ...]:
    """Return the contacts that the rows of a group name, in their order."""
    found: list[ContactDetails] = []
    for number, cells in block.rows:
        if not any(column in cells for column in CONTACT):
            continue
        name, role, email, telephone = (cells.get(column, "") for column in CONTACT)
        try:
            said = ContactDetails(name=name, role=role, email=email, telephone=telephone)
            found.append(checked_contact(said))
        except Refused as refusal:
            faults.append(Fault(number, _PLACES[refusal.field or "name"], refusal.message))
    if len(found) > MOST_CONTACTS:
        sentence = lazy("A group has at most %(most)s contacts.", most=MOST_CONTACTS)
        faults.append(Fault(block.row, Column.CONTACT_NAME, sentence))
    return tuple(found)


def meetings_of(block: Block, faults: list[Fault]) -> tuple[MeetingDetails, ...]:
    """Return the meetings that the rows of a group name, the first first."""
    found: dict[Any, MeetingDetails] = {}
    for number, cells in block.rows:
        if not any(column in cells for column in MEETING):
            continue
        starts_at = meetings.read(cells.get(Column.MEETING, ""))
        if starts_at is None:
            sentence = lazy("Write the day and the time of a meeting like 2026-10-06 19:00.")
            faults.append(Fault(number, Column.MEETING, sentence))
            continue
        if starts_at in found:
            faults.append(Fault(number, Column.MEETING, lazy("The group has this meeting already.")))
            continue
        found[starts_at] = _meeting(number, cells, starts_at, faults)
    return tuple(found[starts_at] for starts_at in sorted(found))


def _meeting(number: int, cells: Cells, starts_at: Any, faults: list[Fault]) -> MeetingDetails:
    said = MeetingDetails(
        starts_at=starts_at,
        place=cells.get(Column.MEETING_PLACE, ""),
        note=cells.get(Column.MEETING_NOTE, ""),
    )
    answer = plain(cells.get(Column.MEETING_OPEN, NO))
    if answer not in _ANSWERS:
        faults.append(Fault(number, Column.MEETING_OPEN, lazy("Write yes or no.")))
    try:
        said = checked_meeting(said)
    except Refused as refusal:
        faults.append(Fault(number, _PLACES[refusal.field or "note"], refusal.message))
    return MeetingDetails(
        starts_at=said.starts_at, place=said.place, note=said.note, open_to_public=_ANSWERS.get(answer, False)
    )


_ANSWERS = {YES: True, "y": True, "true": True, "1": True, NO: False, "n": False, "false": False, "0": False}
_KINDS = {plain(str(text)): GroupKind(code) for code, text in KINDS.items()}
_KINDS |= {kind.value: kind for kind in GroupKind}
_REACHED = {plain(str(text)): Community(code) for code, text in COMMUNITIES.items()}
_REACHED |= {community.value: community for community in Community}
_STATES = {plain(ACTIVE): True, plain(ENDED): False}


def _kind(cell: str) -> GroupKind | None:
    if cell and plain(cell) not in _KINDS:
        raise Refused(lazy("“%(cell)s” is no kind of group that we know.", cell=cell[:60]))
    return _KINDS.get(plain(cell))


def _area(cell: str, areas: Mapping[str, str]) -> str | None:
    if not cell or plain(cell) == plain(LONDON_WIDE):
        return None
    if plain(cell) not in areas:
        raise Refused(lazy("“%(cell)s” is no borough that we know.", cell=cell[:60]))
    return areas[plain(cell)]


def _state(cell: str) -> bool | None:
    if cell and plain(cell) not in _STATES:
        raise Refused(lazy("Write Active or Ended."))
    return _STATES.get(plain(cell))


def _day(cell: str) -> date | None:
    day = meetings.day_in(cell) if cell else None
    if cell and day is None:
        raise Refused(lazy("“%(cell)s” is not a day: write it like 2026-10-06.", cell=cell[:60]))
    return day


def _members(cell: str) -> int | None:
    figures = "".join(cell.split()).replace(",", "")
    if figures and not (figures.isascii() and figures.isdecimal() and len(figures) <= 12):
        raise Refused(lazy("Write a number in figures, or nothing."))
    return int(figures) if figures else None


def _communities(cell: str) -> frozenset[Community]:
    found = [one for one in cell.replace("\n", ";").split(";") if one.strip()]
    for one in found:
        if plain(one) not in _REACHED:
            raise Refused(lazy("“%(cell)s” is no community that we know.", cell=one.strip()[:60]))
    return frozenset(_REACHED[plain(one)] for one in found)
