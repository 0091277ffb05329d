"""A simulation stores what pages would store, the same for the same seed, and nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.boroughs.queries import places
from engage.consultations.models import Instrument
from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.responses import service
from engage.responses.bulk import Arrival, submit_many
from engage.responses.contacts import count_contacts_owed
from engage.responses.models import Response, ResponseRevision, RevisionKind
from engage.responses.simulation import Simulated, simulate
from tests.factories.forms import add_form
from tests.factories.responses import AFTER, CLOSES, DURING, OPENED, Exercise, make_exercise

SOME = 1200


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


def run(session: Session, exercise: Exercise, **given: Any) -> Simulated:
    values = {"responses": SOME, "seed": 1, "now": DURING} | given
    return simulate(session, slug=exercise.consultation.slug, **values)


def stored(session: Session) -> list[tuple[Any, ...]]:
    """Return everything stored that a respondent decides, in the order it came."""
    rows = session.execute(
        select(
            Response.instrument_id,
            Response.version_id,
            Response.area_code,
            Response.group_id,
            Response.submission_key,
            Response.received_at,
            ResponseRevision.number,
            ResponseRevision.kind,
            ResponseRevision.answers,
            ResponseRevision.equality,
        )
        .join(ResponseRevision, ResponseRevision.response_id == Response.id)
        .order_by(ResponseRevision.id)
    )
    return [tuple(row) for row in rows]


def count(session: Session, *where: Any) -> int:
    return session.execute(select(func.count()).select_from(Response).where(*where)).scalar_one()


def test_every_response_is_stored_once_and_marked_synthetic(session: Session, exercise: Exercise) -> None:
    assert run(session, exercise) == Simulated(responses=SOME, contacts=0)
    assert count(session) == count(session, Response.synthetic) == SOME
    session.refresh(exercise.consultation)
    assert exercise.consultation.synthetic


def test_the_same_seed_again_stores_nothing_more(session: Session, exercise: Exercise) -> None:
    run(session, exercise, responses=60, contacts=5)
    before = stored(session)
    assert run(session, exercise, responses=60, contacts=5) == Simulated(responses=0, contacts=0)
    assert stored(session) == before


def test_a_longer_run_of_the_seed_adds_what_was_missing(session: Session, exercise: Exercise) -> None:
    run(session, exercise, responses=40)
    assert run(session, exercise, responses=60).responses == 20
    assert count(session) == 60


def test_another_seed_stores_other_responses(session: Session, exercise: Exercise) -> None:
    run(session, exercise, responses=50)
    first = [row[8] for row in stored(session)]
    run(session, exercise, responses=50, seed=2)
    assert [row[8] for row in stored(session)][len(first) :] != first
    assert count(session) == 100


def test_the_same_seed_gives_the_same_answers_places_and_moments(
    session: Session, exercise: Exercise
) -> None:
    other = make_exercise(session, slug="others")
    for each in (exercise, other):
        run(session, each, responses=150)
    here, there = (
        [row[2:3] + row[5:] for row in stored(session) if row[0] in numbers(each)]
        for each in (exercise, other)
    )
    assert len(here) >= 150
    assert here == there


def numbers(exercise: Exercise) -> set[int]:
    return {instrument.id for instrument in exercise.instruments.values()}


def test_instruments_areas_and_links_come_in_plausible_shares(session: Session, exercise: Exercise) -> None:
    run(session, exercise)
    for code, share in (("postcard", 0.70), ("full", 0.25), ("business", 0.05)):
        found = count(session, Response.instrument_id == exercise.instruments[code].id) / SOME
        assert found == pytest.approx(share, abs=0.05)
    residents = {area.code: area.residents or 0 for area in places(session)}
    biggest = max(residents, key=lambda code: residents[code])
    share = residents[biggest] / sum(residents.values())
    assert count(session, Response.area_code == biggest) / SOME == pytest.approx(share, abs=0.02)
    in_camden = count(session, Response.area_code == "E09000007")
    by_link = count(session, Response.group_id == exercise.group.id)
    assert 0 < by_link < in_camden


def test_a_link_counts_the_responses_that_came_by_it(session: Session, exercise: Exercise) -> None:
    run(session, exercise)
    counted = session.execute(select(Link.submitted).where(Link.id == exercise.link.id)).scalar_one()
    assert counted == count(session, Response.group_id == exercise.group.id) > 0


def test_responses_come_between_the_opening_and_now(session: Session, exercise: Exercise) -> None:
    run(session, exercise, responses=100)
    first, last = session.execute(
        select(func.min(Response.received_at), func.max(Response.received_at))
    ).one()
    assert OPENED - timedelta(hours=1) <= first < last <= DURING


def test_some_answer_about_themselves_after_their_answers_are_stored(
    session: Session, exercise: Exercise
) -> None:
    run(session, exercise, responses=200)
    rows = [row for row in stored(session) if row[7] is RevisionKind.EQUALITY]
    assert 30 < len(rows) < 100
    assert all(row[6] == 2 and row[8] and row[9]["version"] for row in rows)


def test_contacts_are_left_once(session: Session, exercise: Exercise) -> None:
    assert run(session, exercise, responses=10, contacts=7).contacts == 7
    assert run(session, exercise, responses=10, contacts=9).contacts == 2
    assert count_contacts_owed(session, exercise.consultation.id) == 9


def test_a_consultation_that_is_not_open_is_refused(session: Session) -> None:
    closed = make_exercise(session, slug="closed", state=State.CLOSED)
    with pytest.raises(Refused, match="not open"):
        run(session, closed)
    still_called_open = make_exercise(session, slug="over")
    with pytest.raises(Refused, match="not open"):
        run(session, still_called_open, now=AFTER)
    assert count(session) == 0


def test_a_consultation_that_people_have_answered_is_refused(session: Session, exercise: Exercise) -> None:
    with transaction(session):
        service.submit(session, submission=exercise.submission(), now=DURING)
    with pytest.raises(Refused, match="People have answered"):
        run(session, exercise)
    assert count(session, Response.synthetic) == 0


def test_an_unknown_consultation_is_refused(session: Session, exercise: Exercise) -> None:
    with pytest.raises(Refused, match="no consultation called nowhere"):
        simulate(session, slug="nowhere", responses=1, seed=1, now=DURING)


def test_many_at_once_are_stored_as_one_by_one(session: Session, exercise: Exercise) -> None:
    equality = {"version": "2026-1", "answers": {"sex": "female"}}
    first = exercise.submission(exercise.ticket(by_link=True))
    with transaction(session):
        receipt = service.submit(session, submission=first, now=DURING)
        service.add_equality(session, response_id=receipt.response_id, equality=equality)
    second = exercise.submission(exercise.ticket(by_link=True))
    with transaction(session):
        arrivals = [Arrival(second, DURING, equality)]
        assert submit_many(session, consultation_id=exercise.consultation.id, arrivals=arrivals) == 1
    rows = [row[:4] + row[5:] for row in stored(session)]
    assert rows[:2] == rows[2:]
    assert service.receipt_hash(service.receipt_code(second.ticket)) in set(
        session.scalars(select(Response.submission_key))
    )


def test_many_at_once_are_refused_once_the_consultation_is_closed(
    session: Session, exercise: Exercise
) -> None:
    arrivals = [Arrival(exercise.submission(), DURING), Arrival(exercise.submission(), CLOSES)]
    with pytest.raises(Refused), transaction(session):
        submit_many(session, consultation_id=exercise.consultation.id, arrivals=arrivals)
    assert count(session) == 0


def test_the_command_says_what_it_stored(app: Flask, session: Session, exercise: Exercise) -> None:
    runner = app.test_cli_runner()
    said = runner.invoke(
        args=["simulate", exercise.consultation.slug, "--responses", "20", "--at", "2027-10-01 12:00:00"]
    )
    assert "Stored 20 made-up responses" in said.output
    refused = runner.invoke(args=["simulate", exercise.consultation.slug, "--at", "2028-10-01 12:00:00"])
    assert refused.exit_code == 1
    assert "is not open" in refused.output


def test_made_up_respondents_follow_the_ways_of_a_form_and_send_nothing_from_an_exit(
    session: Session, exercise: Exercise
) -> None:
    add_form(session, exercise)
    simulate(session, slug=exercise.consultation.slug, responses=300, seed=5, now=DURING)
    routed = session.scalars(
        select(ResponseRevision.answers)
        .join(Response, Response.id == ResponseRevision.response_id)
        .join(Instrument, Instrument.id == Response.instrument_id)
        .where(Instrument.code == "routed", ResponseRevision.number == 1)
    ).all()
    assert len(routed) > 5
    assert all(answers["lives"]["chosen"] == "yes" for answers in routed)
    assert all(("happened" in answers) == (answers["seen"]["chosen"] == "yes") for answers in routed)
    assert count(session, Response.synthetic) == 300
