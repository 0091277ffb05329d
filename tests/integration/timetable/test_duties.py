"""The register of duties: kept by officers, read by forms and filters, shown to everybody."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.foundations.spreadsheets import read_csv
from engage.timetable import service as timetable
from engage.timetable.duties import queries, service
from engage.timetable.duties.service import DutyDetails
from engage.timetable.rules import Level
from tests.factories.timetable import entry_details, make_entry
from tests.fixtures.client import PageClient

NOW = datetime(2027, 8, 2, 12, 0, tzinfo=UTC)
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAID: dict[str, Any] = {"name": "Asking victims of crime", "law": "A Victims Act", "requires": "Ask them."}


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def add(session: Session, **overrides: Any) -> str:
    details = DutyDetails(**(SAID | overrides))
    return service.add_duty(session, actor="Tom", now=NOW, details=details).code


def change(session: Session, code: str, **overrides: Any) -> None:
    details = DutyDetails(**(SAID | overrides))
    service.change_duty(session, actor="Tom", now=NOW, code=code, details=details)


def test_the_register_begins_with_the_four_duties_and_none_and_a_new_one_comes_before_none(
    session: Session,
) -> None:
    code = add(session)
    assert list(queries.names(session)) == [
        "community_views", "policing_objectives", "community_safety", "local_partnerships", code, "none",
    ]  # fmt: skip


def test_ending_a_duty_is_noted_as_such_and_keeps_what_it_said_before(session: Session) -> None:
    code = add(session)
    change(session, code, name="Asking victims")
    change(session, code, name="Asking victims", ended_on=date(2027, 9, 1))
    change(session, code, name="Asking victims", ended_on=date(2027, 9, 1))
    events = session.execute(
        select(AuditEvent.action, AuditEvent.details)
        .where(AuditEvent.subject == f"duty:{code}")
        .order_by(AuditEvent.id)
    ).all()
    assert [action for action, _ in events] == ["duty.added", "duty.changed", "duty.ended"]
    assert events[1][1] == {"name": ["Asking victims of crime", "Asking victims"]}
    assert events[2][1] == {"ended_on": [None, "2027-09-01"]}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "FINDING out what people think about policing  in their area"}, "name"),
        ({"law": " "}, "law"),
        ({"requires": "x" * 4001}, "requires"),
        ({"every_months": 0}, "every_months"),
        ({"every_months": 121}, "every_months"),
    ],
)
def test_a_duty_that_says_too_little_or_too_much_is_refused(
    session: Session, typed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add(session, **typed)
    assert refusal.value.field == field


def test_a_duty_that_an_entry_names_is_never_removed_and_another_is(session: Session) -> None:
    kept, gone = add(session), add(session, name="Asking nobody")
    make_entry(session, duty=kept)
    service.remove_duty(session, actor="Tom", now=NOW, code=gone)
    for code in (kept, "none"):
        with pytest.raises(Refused):
            service.remove_duty(session, actor="Tom", now=NOW, code=code)
    with pytest.raises(NoResultFound):
        queries.get_duty(session, gone)
    assert queries.get_duty(session, kept).name == SAID["name"]


def test_that_there_is_no_duty_cannot_end(session: Session) -> None:
    with pytest.raises(Refused):
        change(session, "none", name="None", ended_on=date(2027, 9, 1))


def test_an_entry_serves_a_duty_of_the_register_that_is_in_force_when_it_opens(session: Session) -> None:
    code = add(session, ended_on=date(2027, 7, 5))
    for wrong in ("unknown", code):
        with pytest.raises(Refused) as refusal:
            timetable.add_entry(session, actor="Tom", now=NOW, details=entry_details(duty=wrong))
        assert refusal.value.field == "duty"
    change(session, code, ended_on=date(2027, 7, 6))
    entry = timetable.add_entry(session, actor="Tom", now=NOW, details=entry_details(duty=code))
    change(session, code, ended_on=date(2027, 1, 1))
    # What it served it goes on serving, and may be corrected.
    details = entry_details(duty=code, purpose="Another.")
    timetable.update_entry(session, actor="Tom", now=NOW, entry_id=entry.id, details=details)


def test_the_coverage_takes_two_queries_and_leaves_drafts_out_unless_asked(
    session: Session, query_count: Any
) -> None:
    for number in range(3):
        make_entry(session, duty="community_views", title=f"Entry {number}")
    make_entry(session, duty="community_views", title="Draft", published_at=None)
    with query_count() as statements:
        covered = queries.covered(session, NOW)
    assert len(statements) == 2
    assert len(covered[0].years[0].entries) == 3
    assert len(queries.covered(session, NOW, drafts=True)[0].years[0].entries) == 4


def _fill(session: Session) -> None:
    make_entry(session, slug="views", title="Views of all", duty="community_views", opened_at=NOW)
    make_entry(session, slug="earlier", title="Earlier", duty="policing_objectives", consultation_year=2025,
               opened_at=NOW, fed_back_at=NOW)  # fmt: skip
    make_entry(session, title="News of us", duty="community_safety", level=Level.COMMUNICATION)
    make_entry(session, title="Curious", duty="none")
    make_entry(session, title="Not to be seen", duty="community_safety", published_at=None)
    session.commit()


@ONE_DATABASE
def test_everybody_reads_what_was_asked_under_each_duty_and_what_was_not(
    session: Session, client: PageClient
) -> None:
    _fill(session)
    page = client.get_page("/timetable/duties")
    assert "Police Act 1996, section 96" in page.main
    assert "Nothing was asked under this duty in 2026." in page.main
    assert "Nothing has been asked under this duty in 2027 so far." in page.main
    assert "Earlier Fed back" in page.main
    assert "It tells people something and does not ask" in page.main
    assert "Asked without a duty" in page.main
    assert "Curious" in page.main
    assert "Not to be seen" not in page.main


@ONE_DATABASE
def test_the_coverage_is_a_spreadsheet_of_either_kind_and_of_no_other(
    session: Session, client: PageClient
) -> None:
    _fill(session)
    rows = read_csv(client.get("/timetable/duties/coverage.csv").data)
    [views] = [row for row in rows if row[5] == "Views of all"]
    assert views[3:5] + views[9:] == ["2027", "Asked", "Open", "2027-08-02", "2027-09-30", ""]
    assert ["2026", "Nothing", "Nothing was asked under this duty in 2026."] in [row[3:6] for row in rows]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/timetable/duties/coverage.xlsx").data))
    assert [str(cell.value or "") for cell in book.worksheets[0][2]][:2] == rows[1][:2]
    client.get_page("/timetable/duties/coverage.pdf", status=404)


@ONE_DATABASE
def test_an_officer_adds_changes_and_removes_a_duty_and_entries_can_name_it(
    session: Session, officer_client: PageClient
) -> None:
    base = "/officer/timetable/duties"
    officer_client.post_page(f"{base}/new", {"name": "", "law": ""}, status=422)
    officer_client.post_page(f"{base}/new", SAID | {"every_months": "six"}, status=422)
    page = officer_client.post_page(f"{base}/new", SAID | {"every_months": "6"})
    assert "It has not been served, and nothing is planned." in page.main
    assert "Asking victims of crime" in officer_client.get_page("/officer/timetable/new").main
    assert "Asking victims of crime" in officer_client.get_page("/officer/consultations/emerging").main
    assert "Asking victims of crime" in officer_client.get_page("/timetable/").main
    form = officer_client.get_page(f"{base}/asking_victims_of_crime/edit")
    officer_client.submit(form, {"ended_on": ["1", "8", "2027"]})
    assert "Asking victims of crime" not in officer_client.get_page("/officer/timetable/new").main
    officer_client.post_page(f"{base}/asking_victims_of_crime/remove")
    officer_client.post_page(f"{base}/none/remove", status=422)
    officer_client.get_page(f"{base}/asking_victims_of_crime/edit", status=404)
