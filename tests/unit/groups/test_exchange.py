"""A file of groups: what we write comes back as it was, and what cannot be is named by row and column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from engage.groups.exchange.columns import CONTACT, Column, Record, rows_of
from engage.groups.exchange.plan import Plan, Register, What, plan_of
from engage.groups.rules import Community, GroupKind
from tests.factories.registers import (
    AREAS,
    TODAY,
    as_csv,
    as_workbook,
    file_of,
    read_back,
    registers,
    row_of,
)

EMPTY = Register({}, AREAS)
CAMDEN = Record(code="camden-cpeg", name="Camden CPEG", kind=GroupKind.CPEG, area_code="E09000007")
YOUTH = replace(CAMDEN, code="camden-youth", name="Camden Youth", kind=GroupKind.YOUTH, parent="camden-cpeg")
HELD = Register({"camden-cpeg": CAMDEN, "camden-youth": YOUTH}, AREAS)
NEW = row_of(code="hackney-watch", name="Hackney Watch", kind="Neighbourhood Watch", borough="Hackney")


def plan(*rows: dict[str, Any], on: Register = HELD) -> Plan:
    return plan_of(file_of(*rows), on, TODAY)


def faults(*rows: dict[str, Any], on: Register = HELD) -> list[tuple[int, str]]:
    found = plan(*rows, on=on)
    assert found.steps == [] or not found.faults
    return [(fault.row, fault.column) for fault in found.faults]


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(registers())
def test_what_we_write_comes_back_as_the_same_register(records: list[Record]) -> None:
    rows = list(rows_of(records, AREAS))
    for read in (as_csv(rows), as_workbook(rows)):
        onto_nothing = plan_of(read, EMPTY, TODAY)
        assert onto_nothing.faults == []
        assert [step.record for step in onto_nothing.steps] == records
        onto_itself = plan_of(read, Register({one.code: one for one in records}, AREAS), TODAY)
        assert {step.what for step in onto_itself.steps} == {What.UNCHANGED}
        assert not onto_itself.fits


def test_each_group_is_added_changed_or_left_as_it_is_and_the_change_is_named() -> None:
    found = plan(
        NEW,
        row_of(code="camden-youth", name="Camden Young People", kind="youth", borough="Camden"),
        row_of(code="camden-cpeg", name="Camden CPEG", kind="CPEG".lower(), borough="E09000007"),
    )
    assert [(step.record.code, step.what) for step in found.steps] == [
        ("hackney-watch", What.ADDED),
        ("camden-youth", What.CHANGED),
        ("camden-cpeg", What.UNCHANGED),
    ]
    assert found.steps[1].changes == (("Name", "Camden Youth", "Camden Young People"),)


def test_a_column_that_is_not_there_changes_nothing_and_a_blank_cell_empties() -> None:
    held = Record(code="x", name="X", kind=GroupKind.YOUTH, website="https://example.test", members=12)
    on = Register({"x": held}, AREAS)
    assert plan(row_of(code="x", about="New"), on=on).steps[0].record.website == "https://example.test"
    emptied = plan(row_of(code="x", website="", members=""), on=on).steps[0].record
    assert (emptied.website, emptied.members, emptied.name, emptied.kind) == ("", None, "X", GroupKind.YOUTH)


def test_a_group_without_a_code_has_the_code_of_its_name() -> None:
    row = row_of(name="Hackney Éire Club", kind="youth", borough="Hackney")
    added = plan(row).steps[0].record
    assert added.code == "hackney-eire-club"
    again = plan(row, on=Register({added.code: added}, AREAS))
    assert [step.what for step in again.steps] == [What.UNCHANGED]
    # Somebody else's group of the same name is not overwritten.
    other = row | row_of(borough="Camden")
    assert faults(other, on=Register({added.code: added}, AREAS)) == [(2, "Code")]


def test_further_rows_of_a_group_bring_its_contacts_and_meetings() -> None:
    someone = {"contact_role": "", "contact_telephone": "", "meeting_place": "", "meeting_note": ""}
    found = plan(
        NEW
        | row_of(contact_name="A", contact_email="A@example.test", meeting="2026-12-01 19:00", **someone)
        | row_of(meeting_open="yes"),
        row_of(code="hackney-watch", contact_name="B", contact_email="b@example.test", **someone),
        row_of(meeting="1/6/2026 18:30", meeting_open="no", **someone),
    )
    record = found.steps[0].record
    assert [contact.email for contact in record.contacts] == ["a@example.test", "b@example.test"]
    # London's clocks are an hour ahead in June.
    assert [one.starts_at.isoformat() for one in record.meetings] == [
        "2026-06-01T17:30:00+00:00",
        "2026-12-01T19:00:00+00:00",
    ]
    assert [one.open_to_public for one in record.meetings] == [False, True]


CONTACT_OF = {column.name.lower(): "" for column in CONTACT}
WRONG: list[tuple[list[dict[str, Any]], list[tuple[int, str]]]] = [
    ([NEW | row_of(name="x" * 10_000)], [(2, "Name")]),
    ([NEW | row_of(about="x" * 10_000)], [(2, "About")]),
    ([NEW | row_of(website="javascript:alert(1)")], [(2, "Website")]),
    ([NEW | row_of(website="https://user:secret@example.test")], [(2, "Website")]),
    ([NEW | row_of(members="many")], [(2, "Members")]),
    ([NEW | row_of(members="-1")], [(2, "Members")]),
    ([NEW | row_of(kind="Tribe")], [(2, "Kind")]),
    ([NEW | row_of(kind="")], [(2, "Kind")]),
    ([NEW | row_of(borough="Atlantis")], [(2, "Borough")]),
    ([NEW | row_of(communities="Young people; Martians")], [(2, "Communities")]),
    ([NEW | row_of(state="Asleep")], [(2, "State")]),
    ([NEW | row_of(code="Hackney Watch")], [(2, "Code")]),
    ([NEW | row_of(code="new")], [(2, "Code")]),
    ([NEW | row_of(parent="nobody")], [(2, "Part of")]),
    ([NEW | row_of(vacant_since="2026-01-01", covered_by="")], [(2, "Covered by")]),
    ([NEW | row_of(vacant_since="2027-01-01", covered_by="X")], [(2, "Vacant since")]),
    ([NEW | row_of(vacant_since="", covered_by="X")], [(2, "Vacant since")]),
    ([NEW | row_of(vacant_since="2026-01-01", covered_by="X", state="Ended")], [(2, "Vacant since")]),
    ([NEW | row_of(**CONTACT_OF | {"contact_name": "A"})], [(2, "Contact email")]),
    ([NEW | row_of(**CONTACT_OF | {"contact_name": "A", "contact_email": "a@"})], [(2, "Contact email")]),
    ([NEW | row_of(**CONTACT_OF | {"contact_email": "a@example.test"})], [(2, "Contact name")]),
    ([NEW | row_of(contact_name="A")], [(1, "Contact role")]),
    ([NEW | {"Shoe size": "9"}], [(1, "Shoe size")]),
    ([NEW, NEW | row_of(name="Another")], [(3, "Name")]),
    ([NEW, row_of(code="camden-youth"), NEW], [(4, "Code")]),
    ([row_of(code="", about="About whom?")], [(2, "Code")]),
]


@pytest.mark.parametrize(("rows", "wrong"), WRONG)
def test_what_cannot_be_is_refused_by_row_and_column(
    rows: list[dict[str, Any]], wrong: list[tuple[int, str]]
) -> None:
    assert faults(*rows) == wrong
    # What is right in the same file is not taken either.
    assert plan(*rows, row_of(code="camden-youth", about="New")).steps == []


def test_groups_that_would_be_part_of_each_other_are_refused_also_through_the_register() -> None:
    first, second = NEW | row_of(code="a", name="A", parent="b"), NEW | row_of(code="b", name="B", parent="a")
    assert faults(first, second) == [(2, "Part of"), (3, "Part of")]
    assert faults(NEW | row_of(parent="hackney-watch")) == [(2, "Part of")]
    under = replace(YOUTH, code="under", name="Under", parent="camden-youth")
    on = Register({**HELD.groups, "under": under}, AREAS)
    assert faults(row_of(code="camden-youth", parent="under"), on=on) == [(2, "Part of")]


def test_a_parent_may_stand_further_down_and_may_be_called_by_its_name() -> None:
    found = plan(
        NEW | row_of(code="child", name="Child", parent="Hackney Watch"), NEW | row_of(parent="camden-youth")
    )
    assert [step.record.parent for step in found.steps] == ["hackney-watch", "camden-youth"]


def test_a_borough_has_one_cpeg_and_may_change_it_in_one_file() -> None:
    second = row_of(code="new-cpeg", name="New CPEG", kind="cpeg", borough="Camden", state="Active")
    assert faults(second) == [(2, "Borough")]
    assert faults(second, row_of(code="camden-cpeg", state="Ended")) != []
    ended = row_of(code="camden-cpeg", name="Camden CPEG", kind="cpeg", borough="Camden", state="Ended")
    assert [step.what for step in plan(second, ended).steps] == [What.ADDED, What.CHANGED]


def test_a_merged_group_stays_ended() -> None:
    ended = Record(code="old", name="Old", kind=GroupKind.YOUTH, active=False)
    on = Register({"old": ended}, AREAS, frozenset({"old"}))
    assert faults(row_of(code="old", state="Active"), on=on) == [(2, "State")]
    assert plan(row_of(code="old", state="Ended"), on=on).steps[0].what is What.UNCHANGED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_other_programs_are_read_in_their_encoding(encoding: str) -> None:
    text = "Name;Kind;Borough\r\nCafé “Brücke”;Youth group;Camden\r\n"
    found = plan_of(read_back(text.encode(encoding)), HELD, TODAY)
    assert found.steps[0].record.name == "Café “Brücke”"


def test_what_somebody_agrees_to_has_a_name_of_its_own() -> None:
    two = frozenset({Community.WOMEN, Community.MEN})
    one = Register({"x": Record(code="x", name="X", kind=GroupKind.YOUTH, communities=two)}, AREAS)
    row = row_of(code="x", about="New")
    assert plan(row, on=one).digest == plan(row, on=one).digest
    assert plan(row, on=one).digest != plan(row_of(code="x", about="Newer"), on=one).digest


def test_a_file_without_contacts_leaves_them_out_and_leaves_them_be() -> None:
    rows = list(rows_of([CAMDEN], AREAS, contacts=False))
    assert Column.CONTACT_EMAIL.value not in rows[0]
    assert plan_of(as_csv(rows), HELD, date(2026, 1, 1)).steps[0].what is What.UNCHANGED
