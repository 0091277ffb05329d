"""Late feedback is public with its reason, and the day it was due never moves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.overdue import queries, service
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.timetable.models import Entry
from tests.factories.consultations import OFFICER, make_consultation
from tests.factories.feedback import make_decided, make_published, publish, write
from tests.factories.responses import make_exercise
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Counting = Callable[[], AbstractContextManager[list[str]]]

DUE = date(2027, 12, 16)
LATE = datetime(2027, 12, 20, 10, 0, tzinfo=UTC)
NEW_DAY = date(2028, 1, 31)
REASON = "The Authority meets again on 20 January, and has to decide on two priorities first."


def explained(session: Session, made: Consultation, now: datetime = LATE, **said: Any) -> None:
    values: dict[str, Any] = {"expected_on": NEW_DAY, "reason": REASON} | said
    with transaction(session):
        service.explain(session, actor=OFFICER, now=now, consultation_id=made.id, **values)


@pytest.fixture
def made(session: Session) -> Consultation:
    with transaction(session):
        # Neither of these is owed: one is open, the other was fed back.
        make_consultation(session, State.OPEN, title="Still open")
        make_consultation(session, State.FED_BACK, title="Fed back")
        return make_decided(session, title="Late one")


def where_to_look(made: Consultation) -> tuple[str, ...]:
    return (f"/timetable/{made.slug}", "/what-happened")


def test_on_its_day_feedback_is_not_late_yet(client: PageClient, made: Consultation) -> None:
    with clock.stopped_at(datetime(2027, 12, 16, 23, 59, tzinfo=UTC)):
        page = client.get_page("/what-happened").text
    assert "is to be published by 16 December 2027, within 12 weeks of the last day to answer" in page
    assert "overdue since" not in page
    assert "Still open" not in page


def test_a_delay_is_public_where_a_londoner_looks(
    session: Session, client: PageClient, officer_client: PageClient, made: Consultation
) -> None:
    with clock.stopped_at(LATE):
        for url in where_to_look(made):
            page = client.get_page(url).text
            assert "was to be published by 16 December 2027" in page, url
            assert "It has been overdue since 17 December 2027." in page, url
            assert "No reason has been given yet." in page, url
        form = officer_client.get_page(f"/officer/consultations/{made.slug}/feedback/late")
        typed = {"expected_on": ["31", "1", "2028"], "reason": REASON}
        assert "The reason and the new day are published." in officer_client.submit(form, typed).text
        for url in where_to_look(made):
            page = client.get_page(url).text
            assert "It has been overdue since 17 December 2027." in page, url
            assert "It is now expected by 31 January 2028." in page, url
            assert f"The reason: {REASON}" in page, url
        early = client.get_page(f"/consultations/{made.slug}/feedback", status=404).text
        assert "Not published yet" in early
        assert REASON in early
    with clock.stopped_at(datetime(2028, 2, 1, 9, 0, tzinfo=UTC)):
        assert "That day has passed, too." in client.get_page(where_to_look(made)[0]).text


def test_the_page_that_asked_says_it_too(session: Session, client: PageClient) -> None:
    made = make_exercise(session, state=State.CLOSED).consultation
    due = session.get_one(Entry, made.entry_id).feedback_due_on
    assert due is not None
    with clock.stopped_at(LATE.replace(year=2029)):
        page = client.get_page(f"/take-part/{made.slug}").text
    assert "It has been overdue since" in page
    assert "No reason has been given yet." in page


def test_once_it_is_published_the_pages_lead_to_it(
    session: Session, client: PageClient, made: Consultation
) -> None:
    explained(session, made)
    with transaction(session):
        write(session, made)
        publish(session, made)
    with clock.stopped_at(LATE):
        assert "What came of this is published." in client.get_page(f"/timetable/{made.slug}").text
        assert "Still owed to you" not in client.get_page("/what-happened").text
    with pytest.raises(Refused, match="published"):
        explained(session, made)


def test_the_log_keeps_every_reason_and_the_same_one_twice_changes_nothing(
    session: Session, made: Consultation
) -> None:
    entry = session.get_one(Entry, made.entry_id)
    changes = entry.number_of_changes
    explained(session, made)
    explained(session, made, LATE + timedelta(minutes=1))
    assert (entry.feedback_due_on, entry.feedback_late_reason) == (DUE, REASON)
    assert entry.number_of_changes == changes + 1
    explained(session, made, reason="The count of paper forms had to be done again.")
    kept = select(AuditEvent.details).where(AuditEvent.action == queries.EXPLAINED).order_by(AuditEvent.id)
    first, second = session.scalars(kept).all()
    assert first == {"due_on": "2027-12-16", "expected_on": "2028-01-31", "reason": REASON}
    assert second["reason"].startswith("The count")
    found = queries.find_owed(session, made.slug, LATE.date())
    assert found is not None
    assert found.reason == second["reason"]


@pytest.mark.parametrize(
    ("said", "refusal", "field"),
    [
        ({"expected_on": DUE}, "after the one on which", "expected_on"),
        ({"expected_on": LATE.date()}, "still to come", "expected_on"),
        ({"expected_on": date(2029, 1, 31)}, "within a year", "expected_on"),
        ({"reason": "  "}, "Say why", "reason"),
        ({"reason": "x" * 1001}, "1000", "reason"),
        ({"reason": "It is not a priority at this time."}, "gives no reason", "reason"),
        ({"reason": "Due to unforeseen circumstances."}, "gives no reason", "reason"),
    ],
)
def test_what_is_no_promise_or_no_reason_is_refused(
    session: Session, made: Consultation, said: dict[str, Any], refusal: str, field: str
) -> None:
    with pytest.raises(Refused, match=refusal) as refused:
        explained(session, made, **said)
    assert refused.value.field == field


def test_what_is_not_owed_cannot_be_late(session: Session) -> None:
    with transaction(session):
        open_still = make_consultation(session, State.OPEN)
    with pytest.raises(Refused, match="not closed"):
        explained(session, open_still)


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    session: Session, query_count: Counting, made: Consultation
) -> None:
    counts = []
    for _ in range(3):
        with query_count() as statements:
            queries.owed(session, LATE.date())
        counts.append(len(statements))
        with transaction(session):
            make_decided(session)
            make_published(session)
    assert counts == [2, 2, 2]
