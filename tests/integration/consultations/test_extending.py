"""Giving people longer to answer: what moves, what is refused, and what the public reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations import extending, queries, service
from engage.consultations.extending import NewDates
from engage.consultations.models import Consultation, Extension
from engage.consultations.rules import GRACE, State
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.timetable import queries as timetable
from engage.timetable.rules import closing_after
from tests.factories.consultations import OFFICER, make_consultation
from tests.factories.timetable import CLOSES, DURING, LAST_DAY
from tests.fixtures.client import PageClient

LATER = date(2027, 10, 14)
DECISION, FEEDBACK = date(2027, 11, 18), date(2027, 12, 16)
REASON = "The postal strike kept 400 forms from arriving."


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def extend(session: Session, made: Consultation, *, reason: str = REASON, **dates: Any) -> None:
    values = {"closes_at": closing_after(LATER), "decision_due_on": DECISION, "feedback_due_on": FEEDBACK}
    now = dates.pop("now", DURING)
    extending.extend(
        session,
        actor=OFFICER,
        now=now,
        consultation_id=made.id,
        dates=NewDates(**(values | dates)),
        reason=reason,
    )


def test_entry_closing_and_grace_move_together_and_the_old_date_stays_known(session: Session) -> None:
    made = make_consultation(session, State.OPEN, slug="priorities")
    other = make_consultation(session, State.OPEN, slug="other")
    extend(session, made)
    session.refresh(made)
    after = closing_after(LATER)
    assert (made.closes_at, made.grace_ends_at) == (after, after + GRACE)
    assert timetable.get_entry(session, "priorities").closes_at == after
    row = session.scalars(select(Extension)).one()
    assert (row.closed_before, row.closes_after, row.reason) == (CLOSES, after, REASON)
    assert (row.extended_by, row.extended_at) == (OFFICER, DURING)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "consultation.extended")).one()
    assert event.details["reason"] == REASON
    assert other.closes_at == CLOSES


def test_it_can_be_put_off_again_and_both_are_told_in_order(session: Session) -> None:
    made = make_consultation(session, State.OPEN, slug="priorities")
    extend(session, made)
    extend(session, made, closes_at=closing_after(LATER + timedelta(days=7)), reason="More forms arrived.")
    closing = queries.find_closing(session, "priorities")
    assert closing
    assert [(each.before, each.after) for each in closing.extensions] == [
        (LAST_DAY, LATER),
        (LATER, LATER + timedelta(days=7)),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"closes_at": CLOSES}, "last_day"),
        ({"closes_at": CLOSES - timedelta(days=1)}, "last_day"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"decision_due_on": LATER}, "decision_due_on"),
        ({"closes_at": closing_after(DECISION)}, "decision_due_on"),
        ({"feedback_due_on": date(2027, 11, 17)}, "feedback_due_on"),
        ({"feedback_due_on": date(2028, 6, 1)}, "feedback_late_reason"),
    ],
)
def test_a_date_that_does_not_fit_is_refused_by_name_and_nothing_moves(
    session: Session, wrong: dict[str, Any], field: str
) -> None:
    made = make_consultation(session, State.OPEN, slug="priorities")
    with pytest.raises(Refused) as refusal:
        extend(session, made, **wrong)
    assert refusal.value.field == field
    assert timetable.get_entry(session, "priorities").closes_at == CLOSES
    assert session.scalars(select(Extension)).all() == []


@pytest.mark.parametrize("state", [State.PLANNED, State.ANNOUNCED, State.CLOSED])
def test_only_what_is_open_is_extended(session: Session, state: State) -> None:
    made = make_consultation(session, state)
    with pytest.raises(Refused, match="open"):
        extend(session, made)


def test_nothing_is_extended_once_its_time_is_over_even_before_the_worker_closes_it(session: Session) -> None:
    made = make_consultation(session, State.OPEN)
    with pytest.raises(Refused, match="open"):
        extend(session, made, now=CLOSES)


def test_after_an_extension_it_closes_by_itself_at_the_new_moment_only(session: Session) -> None:
    made = make_consultation(session, State.OPEN)
    extend(session, made)
    assert queries.due_to_close(session, CLOSES) == []
    assert queries.due_to_close(session, closing_after(LATER)) == [made]


def test_nobody_calls_it_analysed_while_answers_may_still_arrive(session: Session) -> None:
    made = make_consultation(session, State.OPEN)
    service.close(session, actor=OFFICER, now=CLOSES + timedelta(minutes=5), consultation_id=made.id)
    assert made.grace_ends_at == CLOSES + GRACE
    early = CLOSES + GRACE - timedelta(seconds=1)
    with pytest.raises(Refused, match="can still send their answers until 1 October 2027 at 12:30am"):
        service.mark_analysed(session, actor=OFFICER, now=early, consultation_id=made.id)
    service.mark_analysed(session, actor=OFFICER, now=CLOSES + GRACE, consultation_id=made.id)
    assert made.state is State.ANALYSED


def form(**changed: str) -> dict[str, str]:
    """Return what the page's form sends: LATER, and the other dates as they are."""
    return {"reason": REASON} | changed


def days(name: str, day: date) -> dict[str, list[str]]:
    return {name: [str(day.day), str(day.month), str(day.year)]}


def test_an_officer_extends_it_and_the_public_reads_both_dates_and_why(
    session: Session, officer_client: PageClient, client: PageClient
) -> None:
    made = make_consultation(session, State.OPEN, slug="priorities")
    session.commit()
    page = officer_client.get_page("/officer/consultations/priorities")
    assert "/officer/consultations/priorities/extend" in {link.href for link in page.links}
    dates = days("last_day", LATER) | days("decision_due_on", DECISION) | days("feedback_due_on", FEEDBACK)
    page = officer_client.post_page("/officer/consultations/priorities/extend", form() | dates)
    assert "People can answer for longer" in page.text
    told = client.get_page("/timetable/priorities").text
    assert "until 14 October 2027, not 30 September 2027" in told
    assert REASON in told
    assert "If you have begun by then, you have 30 minutes more" in told
    session.refresh(made)
    assert made.closes_at == closing_after(LATER)


def test_a_decision_that_would_come_before_the_new_closing_is_refused_in_the_form(
    session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, State.OPEN, slug="priorities")
    session.commit()
    dates = days("last_day", DECISION) | days("decision_due_on", DECISION) | days("feedback_due_on", FEEDBACK)
    page = officer_client.post_page("/officer/consultations/priorities/extend", form() | dates, status=422)
    assert "The decision must come after the last day to answer." in page.main
    assert REASON in page.main


def test_a_reason_is_shown_as_text_whatever_is_in_it(session: Session, client: PageClient) -> None:
    made = make_consultation(session, State.OPEN, slug="priorities")
    extend(session, made, reason="<script>alert(1)</script> %(n)s {{ 7 * 7 }}")
    session.commit()
    assert "<script>alert(1)</script> %(n)s {{ 7 * 7 }}" in client.get_page("/timetable/priorities").text


def test_what_is_closed_offers_no_extension(session: Session, officer_client: PageClient) -> None:
    make_consultation(session, State.CLOSED, slug="priorities")
    session.commit()
    page = officer_client.get_page("/officer/consultations/priorities")
    assert "/officer/consultations/priorities/extend" not in {link.href for link in page.links}
    assert "can still send their answers until" in page.main
    page = officer_client.get_page("/officer/consultations/priorities/extend")
    assert "Only a consultation that is open can be extended" in page.main


def test_whether_children_may_answer_is_decided_before_anybody_does(
    session: Session, officer_client: PageClient
) -> None:
    planned = make_consultation(session, slug="planned")
    opened = make_consultation(session, State.OPEN, slug="opened")
    session.commit()
    officer_client.post_page("/officer/consultations/planned/children", {"children_may_answer": "y"})
    page = officer_client.post_page(
        "/officer/consultations/opened/children", {"children_may_answer": "y"}, status=422
    )
    assert "people have been answering already" in page.main
    for made in (planned, opened):
        session.refresh(made)
    assert (planned.children_may_answer, opened.children_may_answer) == (True, False)
    assert session.scalar(select(AuditEvent.details).where(AuditEvent.action == "consultation.children")) == {
        "may_answer": True
    }
