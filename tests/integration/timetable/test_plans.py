"""The calendar of plans: kept by officers, imported whole or not at all, shown to everybody."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.foundations.spreadsheets import write_csv
from engage.timetable.models import PlanPeriod
from engage.timetable.plans import importing, queries, service
from engage.timetable.plans.rules import Organisations
from engage.timetable.plans.service import PlanDetails
from engage.timetable.rules import Level, PlanPart, PlanTier
from tests.factories.boroughs import make_area
from tests.factories.timetable import CLOSES, make_entry
from tests.fixtures.client import PageClient

NOW = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHO = Organisations("Metropolitan Police Authority", "Metropolitan Police Service")
SAID: dict[str, Any] = {
    "title": "Policing plan 2028/29",
    "organisation": "Metropolitan Police Authority",
    "tier": PlanTier.AUTHORITY,
    "part": PlanPart.RUNNING,
    "starts_on": date(2028, 4, 1),
    "ends_on": date(2029, 3, 31),
}


@pytest.fixture(autouse=True)
def _summer() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def add(session: Session, **overrides: Any) -> PlanPeriod:
    details = PlanDetails(**(SAID | overrides))
    return service.add_period(session, actor="Tom", now=NOW, details=details)


def change(session: Session, period: PlanPeriod, **overrides: Any) -> None:
    details = PlanDetails(**(SAID | overrides))
    service.change_period(session, actor="Tom", now=NOW, period_id=period.id, details=details)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"organisation": ""}, "organisation"),
        ({"note": "x" * 2001}, "note"),
        ({"source": "x" * 501}, "source"),
        ({"ends_on": date(2028, 3, 31)}, "ends_on"),
        ({"starts_on": date(1999, 1, 1)}, "starts_on"),
        ({"ends_on": date(9999, 1, 1)}, "ends_on"),
        ({"area_code": "nowhere"}, "area_code"),
        ({"feeds_id": 9999}, "feeds_id"),
    ],
)
def test_a_part_of_a_plan_that_contradicts_itself_is_refused(
    session: Session, typed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add(session, **typed)
    assert refusal.value.field == field


def test_nothing_feeds_itself_and_what_fed_something_removed_feeds_nothing(session: Session) -> None:
    last = add(session)
    middle = add(session, title="Middle", feeds_id=last.id)
    first = add(session, title="First", feeds_id=middle.id)
    for fed in (first, middle, last):
        with pytest.raises(Refused):
            change(session, last, feeds_id=fed.id)
    service.remove_period(session, actor="Tom", now=NOW, period_id=middle.id)
    session.refresh(first)
    assert first.feeds_id is None
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["plan_period.added"] * 3 + ["plan_period.removed"]
    with pytest.raises(NoResultFound):
        change(session, middle)


def test_the_picture_has_the_public_consultations_of_its_years_in_two_queries(
    session: Session, query_count: Any
) -> None:
    plan = add(session)
    for number in range(3):
        make_entry(session, slug=f"priorities-{number}", title=f"Priorities {number}")
    make_entry(session, title="Draft", published_at=None)
    make_entry(session, title="News", level=Level.COMMUNICATION)
    years = timedelta(days=2000)
    make_entry(session, title="Much later", opens_at=CLOSES + years, closes_at=CLOSES + 2 * years,
               decision_due_on=None, feedback_due_on=None)  # fmt: skip
    called_off = make_entry(session, title="Called off")
    called_off.cancelled_at, called_off.cancelled_reason = NOW, "No money."
    session.flush()
    with query_count() as statements:
        lines = queries.shown(session, 2027, WHO).lines
    assert len(statements) == 2
    assert [(line.title, line.feeds) for line in lines] == [
        ("Priorities 0", 4), ("Priorities 1", 4), ("Priorities 2", 4), (plan.title, None),
    ]  # fmt: skip


HEADING = list(importing.COLUMNS)
ROW = ["1", "Strategic assessment", "Safer Camden", "partnership", "preparing", "Camden", "2027-10-01",
       "31/12/2027", "2", "=A note", "A law"]  # fmt: skip
NEXT = ["2", "Partnership plan", "Safer Camden", "Partnership", "running", "camden", "01/04/2028",
        "2029-03-31"]  # fmt: skip


def take(session: Session, *rows: list[str], heading: list[str] = HEADING) -> importing.Imported:
    return importing.take_file(session, actor="Tom", now=NOW, content=write_csv([heading, *rows]))


def test_a_file_is_taken_once_and_what_we_write_changes_nothing(session: Session) -> None:
    make_area(session)
    assert take(session, ROW, NEXT) == importing.Imported(2, 0)
    assert take(session, ROW, NEXT) == importing.Imported(0, 2)
    written = write_csv(importing.rows(session))
    assert importing.take_file(session, actor="Tom", now=NOW, content=written) == importing.Imported(0, 2)
    first, second = queries.periods(session)
    assert (first.feeds_id, first.area_code, first.note) == (second.id, "E09000007", "=A note")
    assert first.ends_on == date(2027, 12, 31)


def _with(place: int, cell: str) -> list[str]:
    return [*ROW[:place], cell, *ROW[place + 1 :]]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([_with(1, "")], "Row 2, column “title”: Say which plan it is."),
        ([_with(3, "regional")], "Row 2, column “tier”: Write one of: national"),
        ([_with(4, "")], "Row 2, column “part”: Write one of: preparing"),
        ([_with(5, "Camdem")], "Row 2, column “borough”: There is no borough"),
        ([_with(6, "soon")], "Row 2, column “from”: Write a day"),
        ([_with(7, "2027-02-29")], "Row 2, column “to”: Write a day"),
        ([_with(7, "2027-09-01")], "Row 2, column “to”: The last day"),
        ([_with(8, "7")], "Row 2, column “feeds”: No row has this number."),
        ([_with(8, "1")], "Row 2, column “feeds”: That leads back"),
        ([NEXT, ROW, ROW], "Row 4, column “number”: Another row"),
        ([[*ROW, "more"]], "Row 2, column “source”: There is something beyond"),
        ([NEXT, _with(1, "x" * 201)], "Row 3, column “title”: Use at most"),
    ],
)
@ONE_DATABASE
def test_a_file_with_one_thing_wrong_is_refused_with_its_row_and_column(
    session: Session, rows: list[list[str]], sentence: str
) -> None:
    make_area(session)
    with pytest.raises(Refused) as refusal:
        take(session, *rows)
    assert sentence in str(refusal.value)
    assert refusal.value.field == "file"


@ONE_DATABASE
def test_a_file_of_something_else_is_refused(session: Session, officer_client: PageClient) -> None:
    make_area(session)
    session.commit()
    address = "/officer/timetable/plans/import"
    good = write_csv([HEADING, ROW, NEXT])
    for content in (b"", b"\x00\x01\x02", b"a,b\n1,2\n", write_csv([HEADING, _with(8, "9")]), b"PK\x03\x04"):
        page = officer_client.post_page(address, {"file": (io.BytesIO(content), "plans.csv")}, status=422)
        assert "There is a problem" in page.main
        assert queries.periods(session) == []
    officer_client.post_page(address, {}, status=422)
    page = officer_client.post_page(address, {"file": (io.BytesIO(good), "plans.csv")})
    assert "2 lines are added, 0 were there already." in page.main
    assert len(queries.periods(session)) == 2


@ONE_DATABASE
def test_an_officer_keeps_the_calendar_and_everybody_sees_it_as_picture_and_table(
    session: Session, officer_client: PageClient, client: PageClient
) -> None:
    make_area(session)
    make_entry(session, title="What comes first", slug="first")
    session.commit()
    base = "/officer/timetable/plans"
    typed = {"title": "Plan <i>28</i>", "organisation": "Metropolitan Police Authority", "tier": "authority",
             "part": "running", "area_code": "", "starts_on": ["1", "4", "2028"], "feeds_id": "",
             "ends_on": ["31", "3", "2029"], "source": "A law", "note": "An example."}  # fmt: skip
    officer_client.post_page(f"{base}/new", {}, status=422)
    officer_client.post_page(f"{base}/new", typed | {"feeds_id": "77"}, status=422)
    officer_client.post_page(f"{base}/new", typed)
    [period] = queries.periods(session)
    form = officer_client.get_page(f"{base}/{period.id}/edit")
    values = form.form_values()
    assert values["area_code"] == ""
    officer_client.post_page(form.url, typed | {"organisation": "Somebody else"})
    officer_client.post_page(form.url, typed)
    page = client.get_page("/timetable/plans?year=2027")
    assert "2 Plan <i>28</i> An example. Source: A law" in page.main
    assert "1 What comes first" in page.main
    assert "2 Plan <i>28</i>" in page.main
    assert page.html.count("app-plans__arrow") == 1
    assert "1 April 2028" in page.main
    officer_client.post_page(f"{base}/{period.id}/remove")
    officer_client.post_page(f"{base}/{period.id}/remove", status=404)
    assert "Plan <i>" not in client.get_page("/timetable/plans?year=2027").main


@ONE_DATABASE
@pytest.mark.parametrize("odd", ["", "?year=soon", "?year=1", "?year=99999999999999999999", "?year=2098"])
def test_the_page_has_an_answer_for_every_year(client: PageClient, odd: str) -> None:
    assert "Nothing has been entered for these years." in client.get_page(f"/timetable/plans{odd}").main
