"""A response is stored once, whole, and without a trace of its author."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.responses import queries, service
from engage.responses.drafts import forget_stale_drafts, keep_draft
from engage.responses.models import Response, ResponseRevision, RevisionKind
from tests.factories.responses import AFTER, CLOSES, DURING, Exercise, make_exercise


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


def submit(session: Session, exercise: Exercise, **given: Any) -> service.Receipt:
    with transaction(session):
        return service.submit(session, submission=exercise.submission(**given), now=DURING)


def revisions(session: Session) -> list[tuple[int, RevisionKind]]:
    rows = session.execute(
        select(ResponseRevision.number, ResponseRevision.kind).order_by(ResponseRevision.id)
    )
    return [(number, kind) for number, kind in rows]


def test_a_response_keeps_how_it_came_and_the_hour_and_nothing_of_the_person(
    session: Session, exercise: Exercise
) -> None:
    submit(session, exercise, ticket=exercise.ticket(by_link=True))
    stored = session.scalars(select(Response)).one()
    assert (stored.area_code, stored.group_id, stored.channel) == ("E09000007", exercise.group.id, "web")
    assert stored.received_at == DURING.replace(minute=0, second=0)
    columns = set(Response.__table__.columns.keys()) | set(ResponseRevision.__table__.columns.keys())
    assert not columns & {"ip", "ip_address", "user_agent", "referrer", "address", "email", "name", "session"}


def test_a_link_counts_each_response_that_came_by_it_once(session: Session, exercise: Exercise) -> None:
    ticket = exercise.ticket(by_link=True)
    for form in (ticket, ticket, exercise.ticket(by_link=True), exercise.ticket()):
        submit(session, exercise, ticket=form)
    session.expire_all()
    assert session.scalars(select(Link.submitted).where(Link.id == exercise.link.id)).one() == 2


def test_the_same_form_sent_again_is_the_same_response_with_the_same_receipt(
    session: Session, exercise: Exercise
) -> None:
    ticket = exercise.ticket()
    first, second = (submit(session, exercise, ticket=ticket) for _ in range(2))
    assert (first.fresh, second.fresh) == (True, False)
    assert first.code == second.code
    assert revisions(session) == [(1, RevisionKind.SUBMITTED)]


def test_the_same_form_sent_with_other_answers_is_the_next_revision_of_one_response(
    session: Session, exercise: Exercise
) -> None:
    ticket = exercise.ticket()
    receipt = submit(session, exercise, ticket=ticket)
    submit(session, exercise, ticket=ticket, priorities={"chosen": ["drugs"], "rotation": 0})
    assert session.scalar(select(func.count()).select_from(Response)) == 1
    assert revisions(session) == [(1, RevisionKind.SUBMITTED), (2, RevisionKind.CORRECTED)]
    stored = queries.find_by_receipt(session, service.receipt_hash(receipt.code))
    assert stored
    assert stored.answers
    assert stored.answers["priorities"]["chosen"] == ["drugs"]


def test_two_people_who_answer_alike_are_two_responses(session: Session, exercise: Exercise) -> None:
    codes = {submit(session, exercise).code for _ in range(2)}
    assert len(codes) == 2
    assert session.scalar(select(func.count()).select_from(Response)) == 2


@pytest.mark.parametrize("state", [State.PLANNED, State.CLOSED])
def test_a_consultation_that_is_not_open_takes_no_response(session: Session, state: State) -> None:
    exercise = make_exercise(session, "not-open", state)
    with pytest.raises(Refused), transaction(session):
        service.submit(session, submission=exercise.submission(), now=AFTER)
    assert not revisions(session)


@pytest.mark.parametrize("moment", [CLOSES, AFTER])
def test_nothing_begun_from_the_closing_moment_on_is_taken_even_before_it_is_recorded(
    session: Session, exercise: Exercise, moment: Any
) -> None:
    submission = exercise.submission(exercise.ticket(began=moment))
    with pytest.raises(Refused), transaction(session):
        service.submit(session, submission=submission, now=moment)


def test_a_form_stored_before_closing_and_sent_again_after_it_still_gets_its_receipt(
    session: Session, exercise: Exercise
) -> None:
    ticket = exercise.ticket()
    first = submit(session, exercise, ticket=ticket)
    with transaction(session):
        again = service.submit(session, submission=exercise.submission(ticket), now=AFTER)
    assert again.code == first.code


def test_equality_answers_are_a_later_revision_beside_the_same_answers(
    session: Session, exercise: Exercise
) -> None:
    receipt = submit(session, exercise)
    equality = {"version": "2026-1", "answers": {"age_band": "25-34"}}
    for _ in range(2):
        with transaction(session):
            service.add_equality(session, response_id=receipt.response_id, equality=equality)
    stored = queries.find_by_receipt(session, service.receipt_hash(receipt.code))
    assert stored
    assert stored.answers
    assert stored.equality == equality
    assert revisions(session) == [(1, RevisionKind.SUBMITTED), (2, RevisionKind.EQUALITY)]


def test_a_wrong_receipt_code_finds_nothing(session: Session, exercise: Exercise) -> None:
    submit(session, exercise)
    assert queries.find_by_receipt(session, service.receipt_hash("WRNGWRNGWRNG")) is None


def test_drafts_are_no_responses_and_are_gone_after_a_day(session: Session, exercise: Exercise) -> None:
    ticket = exercise.ticket("full")
    with transaction(session):
        keep_draft(
            session,
            ticket=ticket,
            held=None,
            page="priorities",
            fields={"a": ["b"]},
            now=DURING,
        )
    assert queries.response_counts(session) == {}
    with transaction(session):
        forget_stale_drafts(session, DURING)
    assert queries.find_draft(session, ticket.key) == {"priorities": {"a": ["b"]}}
    with transaction(session):
        forget_stale_drafts(session, AFTER)
    assert queries.find_draft(session, ticket.key) is None


def test_twenty_posts_of_the_same_form_at_once_store_one_response(app: Flask) -> None:
    with app.app_context():
        exercise = make_exercise(db.session())
        path = f"{exercise.path}/postcard/send"
        form = {
            "ticket": exercise.ticket(by_link=True).seal(),
            "priorities": ["asb", "drugs"],
            "area": "E09000007",
        }
        db.session.remove()
    together = Barrier(20)

    def press(_: int) -> tuple[int, str]:
        client = app.test_client()
        together.wait(timeout=30)
        with clock.stopped_at(DURING):
            answer = client.post(path, data=form)
        with client.session_transaction() as held:
            return answer.status_code, held["receipts"][exercise.consultation.slug]

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert {status for status, _ in answers} == {303}
    assert len({code for _, code in answers}) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Response)) == 1
        assert revisions(db.session()) == [(1, RevisionKind.SUBMITTED)]
        assert db.session.scalars(select(Link.submitted)).one() == 1
