"""The closing: what counts is when a form was begun and when it arrived, by the server's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import extending, service
from engage.consultations.extending import NewDates
from engage.consultations.rules import GRACE, State
from engage.consultations.tasks import close_those_due
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.responses import queries
from engage.responses.models import Response, ResponseRevision, RevisionKind
from engage.responses.service import submit
from engage.responses.tickets import Ticket
from tests.factories.responses import CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

MINUTE = timedelta(minutes=1)
BEFORE = CLOSES - 10 * MINUTE
OFFICER = "Test officer <officer@example.test>"


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


def send(session: Session, exercise: Exercise, ticket: Ticket, now: datetime, **answers: Any) -> None:
    with transaction(session):
        submit(session, submission=exercise.submission(ticket, **answers), now=now)


def late(session: Session) -> list[bool]:
    session.rollback()
    return list(session.scalars(select(Response.late).order_by(Response.id)))


@pytest.mark.parametrize("recorded", [False, True], ids=["not yet recorded", "recorded"])
@pytest.mark.parametrize(
    ("began", "sent", "is_late"),
    [
        (BEFORE, CLOSES - timedelta(seconds=1), False),
        (BEFORE, CLOSES, True),
        (CLOSES - MINUTE, CLOSES + GRACE - timedelta(seconds=1), True),
        (BEFORE, CLOSES + GRACE, None),
        (CLOSES, CLOSES + MINUTE, None),
        (CLOSES + MINUTE, CLOSES + 2 * MINUTE, None),
    ],
)
def test_begun_in_time_it_may_arrive_within_the_grace_and_is_marked(
    session: Session,
    exercise: Exercise,
    began: datetime,
    sent: datetime,
    is_late: bool | None,
    recorded: bool,
) -> None:
    if recorded and sent >= CLOSES:
        with transaction(session):
            close_those_due(session, sent)
    if is_late is None:
        with pytest.raises(Refused):
            send(session, exercise, exercise.ticket(began=began), sent)
        assert late(session) == []
        return
    send(session, exercise, exercise.ticket(began=began), sent)
    assert late(session) == [is_late]
    assert queries.late_count(session, exercise.consultation.id) == int(is_late)


@pytest.mark.parametrize(
    ("began", "sent", "is_late"),
    [
        (DURING - 5 * MINUTE, DURING + 29 * MINUTE, True),
        (DURING - 5 * MINUTE, DURING + 30 * MINUTE, None),
        (DURING + MINUTE, DURING + 2 * MINUTE, None),
    ],
)
def test_closed_early_by_an_officer_the_grace_runs_from_then(
    session: Session, exercise: Exercise, began: datetime, sent: datetime, is_late: bool | None
) -> None:
    with transaction(session):
        service.close(session, actor=OFFICER, now=DURING, consultation_id=exercise.consultation.id)
    if is_late:
        send(session, exercise, exercise.ticket(began=began), sent)
        assert late(session) == [True]
    else:
        with pytest.raises(Refused):
            send(session, exercise, exercise.ticket(began=began), sent)


def test_extended_meanwhile_nothing_before_the_new_closing_is_late(
    session: Session, client: PageClient, exercise: Exercise
) -> None:
    ticket = exercise.ticket(began=BEFORE)
    after = CLOSES + timedelta(days=7)
    with transaction(session):
        extending.extend(
            session,
            actor=OFFICER,
            now=BEFORE,
            consultation_id=exercise.consultation.id,
            dates=NewDates(
                closes_at=after,
                decision_due_on=DURING.date().replace(year=2028, month=1, day=20),
                feedback_due_on=DURING.date().replace(year=2028, month=2, day=15),
            ),
            reason="The postal strike.",
        )
    with clock.stopped_at(BEFORE):
        told = client.get_page(exercise.path).text
    assert "until 4 December 2027, not 27 November 2027" in told
    assert "The postal strike." in told
    send(session, exercise, ticket, CLOSES + 5 * MINUTE)
    send(session, exercise, exercise.ticket(began=CLOSES + MINUTE), CLOSES + timedelta(days=1))
    send(session, exercise, exercise.ticket(began=after - MINUTE), after + MINUTE)
    assert late(session) == [False, False, True]


def test_nothing_arrives_once_the_answers_are_called_analysed(session: Session, exercise: Exercise) -> None:
    after = CLOSES + GRACE
    with transaction(session):
        close_those_due(session, after)
        service.mark_analysed(session, actor=OFFICER, now=after, consultation_id=exercise.consultation.id)
    with pytest.raises(Refused):
        send(session, exercise, exercise.ticket(began=BEFORE), after - MINUTE)


def test_what_the_pages_say_and_what_is_stored_follow_one_rule(session: Session, exercise: Exercise) -> None:
    moments = [CLOSES + n * MINUTE for n in (-40, -1, 0, 1, 29, 30, 31)]
    for recorded in (False, True):
        if recorded:
            with transaction(session):
                close_those_due(session, CLOSES + MINUTE)
        for began in moments:
            for sent in [moment for moment in moments if moment >= began]:
                offer = queries.offers(session, exercise.consultation.slug)[0]
                if recorded and sent < CLOSES:
                    continue
                try:
                    send(session, exercise, exercise.ticket(began=began), sent)
                    stored = True
                except Refused:
                    stored = False
                assert offer.takes(began, sent) is stored, (recorded, began, sent)


def test_answers_changed_within_the_grace_make_the_response_late_and_after_it_they_stay(
    session: Session, exercise: Exercise
) -> None:
    ticket = exercise.ticket(began=BEFORE)
    send(session, exercise, ticket, BEFORE)
    assert late(session) == [False]
    drugs = {"priorities": {"chosen": ["drugs"], "rotation": 0}}
    send(session, exercise, ticket, CLOSES + MINUTE, **drugs)
    assert late(session) == [True]
    with pytest.raises(Refused, match="stay as you sent them before"):
        send(session, exercise, ticket, CLOSES + GRACE)
    # Pressed again with the same answers, it is not refused: they are stored.
    send(session, exercise, ticket, CLOSES + GRACE, **drugs)
    kinds = session.scalars(select(ResponseRevision.kind).order_by(ResponseRevision.id)).all()
    assert kinds == [RevisionKind.SUBMITTED, RevisionKind.CORRECTED]


def test_midnight_is_london_s_and_the_last_second_of_the_last_day_is_in_time(
    client: PageClient, session: Session
) -> None:
    # In summer London's midnight is 11 at night in UTC.
    exercise = make_exercise(session, "summer")
    exercise.consultation.closes_at = datetime.fromisoformat("2027-09-30T23:00:00+00:00")
    exercise.consultation.grace_ends_at = exercise.consultation.closes_at + GRACE
    session.commit()
    form = {"priorities": ["asb"], "area": "outside"}
    for said, answered in (("22:59:59", "Your answers are stored"), ("23:00:00", "Policing priorities")):
        with clock.stopped_at(datetime.fromisoformat(f"2027-09-30T{said}+00:00")):
            page = client.get_page(f"{exercise.path}/postcard")
            if answered == "Your answers are stored":
                ticket = page.form_values()["ticket"]
                page = client.post_page(f"{exercise.path}/postcard/send", form | {"ticket": ticket})
            assert page.h1 == answered


def test_officers_see_how_many_came_late(session: Session, exercise: Exercise) -> None:
    other = make_exercise(session, "other")
    send(session, exercise, exercise.ticket(began=BEFORE), CLOSES + MINUTE)
    send(session, exercise, exercise.ticket(began=BEFORE), BEFORE)
    send(session, other, other.ticket(began=BEFORE), CLOSES + MINUTE)
    assert queries.late_count(session, exercise.consultation.id) == 1
    assert exercise.consultation.state is State.OPEN
