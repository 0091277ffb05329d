"""The columns of a file of groups, and how a group is written in them. Pure.

A group has a row, and one more for each further contact or meeting: those repeat its code and nothing else of
it. Headings and codes are the same in every language, so that any installation reads any other's file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from engage.foundations.spreadsheets import Cell
from engage.groups.details import ContactDetails, MeetingDetails
from engage.groups.meetings import written
from engage.groups.rules import COMMUNITIES, KINDS, Community, GroupKind


class Column(StrEnum):
    """The headings, in their order."""

    CODE = "Code"
    NAME = "Name"
    KIND = "Kind"
    BOROUGH = "Borough"
    PARENT = "Part of"
    STATE = "State"
    VACANT_SINCE = "Vacant since"
    COVERED_BY = "Covered by"
    ABOUT = "About"
    WEBSITE = "Website"
    MEMBERS = "Members"
    COMMUNITIES = "Communities"
    CONTACT_NAME = "Contact name"
    CONTACT_ROLE = "Contact role"
    CONTACT_EMAIL = "Contact email"
    CONTACT_TELEPHONE = "Contact telephone"
    MEETING = "Meeting"
    MEETING_PLACE = "Meeting place"
    MEETING_OPEN = "Meeting open to the public"
    MEETING_NOTE = "Meeting note"


CONTACT = (Column.CONTACT_NAME, Column.CONTACT_ROLE, Column.CONTACT_EMAIL, Column.CONTACT_TELEPHONE)
MEETING = (Column.MEETING, Column.MEETING_PLACE, Column.MEETING_OPEN, Column.MEETING_NOTE)
# What is written once, in the first row of a group.
OF_GROUP = tuple(column for column in Column if column not in (Column.CODE, *CONTACT, *MEETING))
ACTIVE, ENDED = "Active", "Ended"
YES, NO = "yes", "no"
LONDON_WIDE = "London-wide"
PARTED = "; "


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A group as a file says it. `parent` is a code; empty: part of no other."""

    code: str
    name: str
    kind: GroupKind
    area_code: str | None = None
    parent: str = ""
    active: bool = True
    vacant_since: date | None = None
    covered_by: str = ""
    about: str = ""
    website: str = ""
    members: int | None = None
    communities: frozenset[Community] = field(default_factory=frozenset)
    contacts: tuple[ContactDetails, ...] = ()
    meetings: tuple[MeetingDetails, ...] = ()


def rows_of(
    records: Iterable[Record], areas: Mapping[str, str], *, contacts: bool = True
) -> Iterator[list[Cell]]:
    """Yield the headings, then the rows of each record; `areas` are the boroughs' names by their codes."""
    columns = [column for column in Column if contacts or column not in CONTACT]
    yield [column.value for column in columns]
    for record in records:
        said = cells_of(record, areas)
        rows = zip_longest(_contacts(record) if contacts else (), _meetings(record)) if said else ()
        first, *more = list(rows) or [(None, None)]
        yield _row(columns, said, *first)
        for contact, meeting in more:
            yield _row(columns, {Column.CODE: record.code}, contact, meeting)


def cells_of(record: Record, areas: Mapping[str, str]) -> dict[Column, Cell]:
    """Return what stands in the first row of a record, without its contacts and meetings."""
    area = record.area_code
    return {
        Column.CODE: record.code,
        Column.NAME: record.name,
        Column.KIND: str(KINDS[record.kind]),
        Column.BOROUGH: LONDON_WIDE if area is None else areas.get(area, area),
        Column.PARENT: record.parent,
        Column.STATE: ACTIVE if record.active else ENDED,
        Column.VACANT_SINCE: record.vacant_since.isoformat() if record.vacant_since else "",
        Column.COVERED_BY: record.covered_by,
        Column.ABOUT: record.about,
        Column.WEBSITE: record.website,
        Column.MEMBERS: record.members,
        Column.COMMUNITIES: PARTED.join(
            str(COMMUNITIES[each]) for each in Community if each in record.communities
        ),
    }


def _contacts(record: Record) -> Iterator[dict[Column, Cell]]:
    for one in record.contacts:
        yield dict(zip(CONTACT, (one.name, one.role, one.email, one.telephone), strict=True))


def _meetings(record: Record) -> Iterator[dict[Column, Cell]]:
    for one in record.meetings:
        said = (written(one.starts_at), one.place, YES if one.open_to_public else NO, one.note)
        yield dict(zip(MEETING, said, strict=True))


def _row(columns: Iterable[Column], *parts: Mapping[Column, Cell] | None) -> list[Cell]:
    said = {column: cell for part in parts if part for column, cell in part.items()}
    return [said.get(column, "") for column in columns]
