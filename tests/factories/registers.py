"""Registers of groups as files hold them, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from engage.foundations.spreadsheets import Cell, write_csv, write_xlsx
from engage.foundations.tables.reading import Row, read_rows, written
from engage.groups.details import (
    ContactDetails,
    GroupDetails,
    MeetingDetails,
    checked_contact,
    checked_group,
    checked_meeting,
)
from engage.groups.exchange.columns import Column, Record
from engage.groups.rules import Community, GroupKind

AREAS = {"E09000007": "Camden", "E09000012": "Hackney", "E09000013": "Hammersmith and Fulham"}
TODAY = date(2026, 11, 20)

# What people type, and what spreadsheets stumble over.
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "=1+1",
            "+44 20",
            "-",
            "@home",
            "'quoted",
            "''",
            "a;=b",
            "x|-y",
            "a\n=b",
            "_x0041_",
            "1e5",
            "007",
            "true",
        ]
    ),
)


def row_of(**cells: Cell) -> dict[str, Cell]:
    """Return the cells of a row by heading; the arguments are the columns' names in small letters."""
    return {Column[name.upper()].value: cell for name, cell in cells.items()}


def file_of(*rows: dict[str, Cell]) -> list[Row]:
    """Return rows as they would be read from a file with the columns that any of them names."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return read_back(write_csv([headings, *([row.get(heading, "") for heading in headings] for row in rows)]))


def read_back(content: bytes) -> list[Row]:
    """Return the rows of a file, whatever it is."""
    return list(read_rows(content, written(content)))


def as_csv(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    return read_back(write_csv(rows))


def as_workbook(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    return read_back(write_xlsx(rows))


@st.composite
def contacts(draw: st.DrawFn) -> ContactDetails:
    email = draw(st.sampled_from(["", "chair@example.test", "second.one@example.test"]))
    numbers = ["020 7946 0000", "+44 (0)20 7946 0001", "101"]
    telephone = draw(st.sampled_from([*numbers, ""] if email else numbers))
    name = draw(TEXTS.filter(_plain))
    return checked_contact(ContactDetails(name=name, role=draw(TEXTS), email=email, telephone=telephone))


def _plain(text: str) -> bool:
    return any(sign.isprintable() and not sign.isspace() for sign in text)


@st.composite
def _meetings(draw: st.DrawFn) -> tuple[MeetingDetails, ...]:
    minutes = st.integers(0, 4 * 365 * 24 * 60)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    found = [
        checked_meeting(
            MeetingDetails(
                starts_at=first + timedelta(minutes=minute),
                place=draw(TEXTS),
                note=draw(TEXTS),
                open_to_public=draw(st.booleans()),
            )
        )
        for minute in draw(st.lists(minutes, max_size=3))
    ]
    return tuple(sorted({one.starts_at: one for one in found}.values(), key=lambda one: one.starts_at))


@st.composite
def registers(draw: st.DrawFn) -> list[Record]:
    """Draw a register that keeps the rules: one CPEG a borough, parents before children, texts tidied."""
    found: list[Record] = []
    for place in range(draw(st.integers(1, 5))):
        record = draw(_records(f"group-{place}-of-several"))
        free = record.area_code and not any(
            one.area_code == record.area_code and one.kind is GroupKind.CPEG for one in found
        )
        if record.kind is GroupKind.CPEG and not free:
            record = replace(record, kind=GroupKind.YOUTH)
        if record.kind is not GroupKind.CPEG and found and draw(st.booleans()):
            record = replace(record, parent=draw(st.sampled_from([one.code for one in found])))
        found.append(record)
    return found


@st.composite
def _records(draw: st.DrawFn, code: str) -> Record:
    area = draw(st.sampled_from([None, *AREAS]))
    kind = draw(st.sampled_from([each for each in GroupKind if area or each is not GroupKind.CPEG]))
    details = checked_group(
        GroupDetails(
            name=draw(TEXTS.filter(_plain)),
            kind=kind,
            area_code=area,
            about=draw(TEXTS),
            website=draw(st.sampled_from(["", "https://example.test/a?b=c", "http://example.test"])),
            members=draw(st.one_of(st.none(), st.integers(0, 5000))),
            communities=frozenset(draw(st.lists(st.sampled_from(list(Community)), max_size=3))),
        )
    )
    standing: dict[str, Any] = draw(
        st.sampled_from(
            [{}, {"active": False}, {"vacant_since": date(2026, 3, 1), "covered_by": "=The office; 020"}]
        )
    )
    said = {name: getattr(details, name) for name in details.__slots__ if name != "parent_id"}
    people = tuple(draw(st.lists(contacts(), max_size=3)))
    return Record(code=code, contacts=people, meetings=draw(_meetings()), **(said | standing))
