"""Groups from a file and to a file: what comes out goes in unchanged, in whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.foundations.spreadsheets import write_csv, write_xlsx
from engage.foundations.tables.reading import Row
from engage.groups import queries
from engage.groups.exchange.columns import rows_of
from engage.groups.exchange.plan import What, plan_of
from engage.groups.exchange.queries import area_names, register
from engage.groups.exchange.service import import_groups
from engage.groups.models import Group, GroupCommunity, GroupContact, GroupMeeting
from engage.groups.rules import Community, GroupKind
from engage.people.rules import Role
from tests.factories.boroughs import make_area
from tests.factories.groups import make_group
from tests.factories.registers import as_csv, as_workbook, file_of, read_back, row_of
from tests.fixtures.client import PageClient
from tests.fixtures.people import signed_in

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
URL = "/officer/groups/import/"
BROKEN = [b"", b"Name\r\n", b"PK\x03\x04 no workbook", b"\x00\x01\x02", b"\xd0\xcf\x11\xe0"]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def filled(session: Session) -> Session:
    make_area(session)
    cpeg = make_group(session, code="camden-cpeg", name="Camden CPEG", area_code="E09000007", members=40)
    youth = make_group(session, code="youth", name="=Youth", kind=GroupKind.YOUTH, parent_id=cpeg.id)
    make_group(session, code="gone", name="Gone", kind=GroupKind.FAITH, active=False)
    cpeg.vacant_since, cpeg.covered_by = date(2026, 5, 1), "+44 the office"
    session.add(GroupCommunity(group_id=youth.id, community=Community.YOUNG_PEOPLE))
    for name in ("Zoe", "Ada"):
        session.add(GroupContact(group_id=cpeg.id, name=name, email=f"{name.lower()}@example.test"))
        session.flush()
    for days in (-20, 10, 40):
        session.add(GroupMeeting(group_id=cpeg.id, starts_at=NOW + timedelta(days=days), open_to_public=True))
    session.commit()
    return session


def exported(session: Session) -> list[list[Any]]:
    return [list(row) for row in rows_of(register(session).groups.values(), area_names(session))]


def take(session: Session, rows: list[Row]) -> dict[What, int]:
    plan = plan_of(rows, register(session), NOW.date())
    done = import_groups(session, actor="Tom", now=NOW, name="a.csv", rows=rows, seen=plan.digest)
    return dict(done.counted)


def test_what_we_export_changes_nothing_and_fills_an_empty_register_with_the_same(filled: Session) -> None:
    rows = exported(filled)
    for read in (as_csv(rows), as_workbook(rows)):
        plan = plan_of(read, register(filled), NOW.date())
        assert plan.counted == {What.UNCHANGED: 3}
        with pytest.raises(Refused):
            take(filled, read)
    for table in (GroupMeeting, GroupContact, GroupCommunity):
        filled.query(table).delete()
    filled.query(Group).update({"parent_id": None})
    filled.query(Group).delete()
    filled.expunge_all()
    assert take(filled, as_csv(rows)) == {What.ADDED: 3}
    assert exported(filled) == rows


def test_an_import_changes_what_the_file_says_and_nothing_else(filled: Session) -> None:
    cpeg = queries.get_by_code(filled, "camden-cpeg")
    ada = next(one for one in queries.contacts(filled, [cpeg.id])[cpeg.id] if one.name == "Ada")
    someone = {"contact_role": "", "contact_telephone": ""}
    rows = file_of(
        row_of(code="camden-cpeg", contact_name="Ada", contact_email="ada@example.test", **someone),
        row_of(code="camden-cpeg", contact_name="Eve", contact_email="eve@example.test", **someone),
        row_of(code="youth", name="Youth", kind="youth"),
        row_of(name="Choir", kind="faith", borough="Camden", parent="youth"),
    )
    # The column of names is in the file, so the blank one of the CPEG is a fault.
    assert [fault.row for fault in plan_of(rows, register(filled), NOW.date()).faults] == [2]
    rows = file_of(
        row_of(code="camden-cpeg", contact_name="Ada", contact_email="ada@example.test", **someone),
        row_of(code="camden-cpeg", contact_name="Eve", contact_email="eve@example.test", **someone),
    )
    assert take(filled, rows) == {What.CHANGED: 1}
    held = queries.contacts(filled, [cpeg.id])[cpeg.id]
    assert [(one.name, one.id == ada.id) for one in held] == [("Ada", True), ("Eve", False)]
    assert len(queries.meetings(filled, [cpeg.id])[cpeg.id]) == 3
    assert (cpeg.members, cpeg.covered_by) == (40, "+44 the office")
    assert take(filled, file_of(row_of(name="Choir", kind="faith", borough="Camden", parent="youth"))) == {
        What.ADDED: 1
    }
    choir = queries.get_by_code(filled, "choir")
    assert choir.parent_id == queries.get_by_code(filled, "youth").id
    actions = list(filled.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions == ["group.changed", "groups.imported", "group.added", "groups.imported"]
    assert not [each for each in filled.scalars(select(AuditEvent)) if "eve@" in str(each.details)]


def test_nothing_is_imported_where_the_register_changed_after_somebody_looked(filled: Session) -> None:
    rows = file_of(row_of(code="youth", about="New"))
    seen = plan_of(rows, register(filled), NOW.date()).digest
    queries.get_by_code(filled, "youth").about = "Meanwhile"
    filled.flush()
    with pytest.raises(Refused):
        import_groups(filled, actor="Tom", now=NOW, name="a.csv", rows=rows, seen=seen)
    assert queries.get_by_code(filled, "youth").about == "Meanwhile"


def upload(client: PageClient, content: bytes, name: str = "groups.csv", status: int = 200) -> Any:
    return client.post_page(URL, {"file": (io.BytesIO(content), name)}, status=status)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_officer_sees_what_a_file_changes_imports_it_and_again_there_is_nothing_to_do(
    filled: Session, officer_client: PageClient
) -> None:
    content = write_csv([["Name", "Kind", "Borough"], ["Camden Choir", "Faith group", "Camden"]])
    page = upload(officer_client, content)
    assert page.h1 == "What the file would change"
    assert "1 would be added, 0 changed, 0 stay as they are." in page.main
    assert queries.find_by_code(filled, "camden-choir") is None
    assert "1 added, 0 changed, 0 unchanged" in officer_client.submit(page).main
    assert queries.find_by_code(filled, "camden-choir") is not None
    again = upload(officer_client, content)
    assert "there is nothing to import" in again.main
    assert "Import the whole file" not in again.main
    assert "the file is deleted" in officer_client.post_page(URL + "cancel").main
    assert officer_client.get_page(URL + "check").h1 == "Groups from a file"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_wrong_row_keeps_the_whole_file_out_and_is_named(
    filled: Session, officer_client: PageClient, write: Any
) -> None:
    rows = [["Name", "Kind", "Website"], ["Good", "faith", ""], ["Bad", "faith", "javascript:alert(1)"]]
    page = upload(officer_client, write(rows))
    assert "One thing is wrong." in page.main
    assert "3 Website Enter a web address that begins with https:// or http://." in " ".join(
        page.main.split()
    )
    sent = officer_client.post_page(URL + "check", {"seen": ""}, status=422)
    assert "Nothing was imported" in sent.main
    assert queries.find_by_code(filled, "good") is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("content", BROKEN)
def test_what_is_no_table_is_refused_beside_the_file(
    filled: Session, officer_client: PageClient, content: bytes
) -> None:
    page = upload(officer_client, content, status=422)
    assert page.title.startswith("Error:")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_export_holds_the_list_as_it_is_narrowed_and_addresses_for_officers_only(
    app: Flask, filled: Session, officer_client: PageClient
) -> None:
    whole = officer_client.get("/officer/groups/export.csv?state=everything")
    by_name = sorted(register(filled).groups.values(), key=lambda record: record.name)
    assert read_back(whole.data) == as_csv(list(rows_of(by_name, area_names(filled))))
    assert whole.headers["Content-Disposition"] == 'attachment; filename="groups-2026-11-20.csv"'
    narrowed = officer_client.get("/officer/groups/export.xlsx?kind=youth")
    assert [cells[1] for _number, cells in read_back(narrowed.data)] == ["Name", "=Youth"]
    member = signed_in(app, Role.MEMBER)
    told = member.get("/officer/groups/export.csv")
    assert b"Camden CPEG" in told.data
    assert b"ada@example.test" not in told.data
    assert member.get(URL).status_code == 403
