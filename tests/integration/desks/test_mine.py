"""With a receipt code: what one named, what one's borough said, and what became of each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.analysis import service as counting
from engage.analysis.queries import evidence_folder, get_snapshot, latest_snapshot, tally
from engage.consultations.rules import State
from engage.feedback import service as feedback
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.people.models import Person
from engage.people.rules import Role
from engage.plan_export.deciding import progress
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome, Standing
from engage.questionnaires.shipped import FRAMEWORK, read_json
from engage.responses import service
from tests.factories.analysis import make_response
from tests.factories.analysis import withdraw as withdraw_response
from tests.factories.responses import AFTER, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.people import add_person

# What it shows cannot differ between databases, and evidence is tested on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CAMDEN, HACKNEY = "E09000007", "E09000012"
# Of a response that was withdrawn, and of none.
WRONG = ("2222B2XD9PMH", "X" * 12)
URL = "/your-priorities"
UNKNOWN = "We have no response with this receipt code."


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


def answered(session: Session, exercise: Exercise, code: str, **answer: object) -> None:
    """Store a response with this receipt code, among many of Camden's and a few of Hackney's."""
    with transaction(session):
        mine = make_response(session, exercise, area=CAMDEN, **answer)  # type: ignore[arg-type]
        mine.submission_key = service.receipt_hash(code)
        for _ in range(11):
            make_response(session, exercise, area=CAMDEN, chosen=("asb",))
        for _ in range(3):
            make_response(session, exercise, area=HACKNEY, chosen=("knife_crime", "asb"))
        for _ in range(9):
            make_response(session, exercise, area="E09000001", chosen=("knife_crime",))


def decided_and_published(app: Flask, session: Session, exercise: Exercise) -> None:
    """Count, decide on two priorities and publish what two people wrote and approved."""
    folder = evidence_folder(app.config["SETTINGS"])
    consultation = exercise.consultation
    with transaction(session):
        consultation.state = State.CLOSED
        session.flush()
        counting.refresh(session, consultation=consultation, now=AFTER, folder=folder)
        snapshot = latest_snapshot(session, consultation.id)
        assert snapshot is not None
        counted = tally(session, snapshot=get_snapshot(session, snapshot.id), folder=folder)
        one, two = add_person(session, Role.ADMINISTRATOR), add_person(session, Role.PLANNING_OFFICER)
        decide(session, exercise, snapshot.id, one, "asb", Outcome.ADOPTED, counted.mentions["asb"])
        decide(
            session,
            exercise,
            snapshot.id,
            one,
            "knife_crime",
            Outcome.IN_PART,
            counted.mentions["knife_crime"],
        )
        consultation.state = State.DECIDED
        session.flush()
        asked = {"now": AFTER, "consultation_id": consultation.id}
        feedback.save_feedback(
            session,
            actor="One",
            said="{boroughs_heard} heard.",
            decided="We will.",
            reconciled="Why.",
            **asked,
        )
        written = feedback.submit(session, actor="One", person_id=one.id, **asked)
        read = feedback.digest(written)
        feedback.approve(session, actor="Two", person_id=two.id, read=read, **asked)
        feedback.publish(session, actor="One", person_id=one.id, **asked)


def decide(
    session: Session,
    exercise: Exercise,
    snapshot_id: int,
    person: Person,
    code: str,
    outcome: Outcome,
    mentions: int,
) -> None:
    made = Decision(
        consultation_id=exercise.consultation.id,
        priority_code=code,
        outcome=outcome,
        reason=f"This is why for {code}.",
        decided_on=AFTER.date(),
        decision_maker="The full Authority",
        snapshot_id=snapshot_id,
        mentions=mentions,
        base=24,
        recorded_by=person.id,
        recorded_at=AFTER,
    )
    session.add(made)
    session.flush()


def name_of(code: str) -> str:
    return next(each["label"] for each in read_json(FRAMEWORK)["priorities"] if each["code"] == code)


def test_a_participant_sees_their_choices_and_what_became_of_each(
    app: Flask, session: Session, exercise: Exercise, client: PageClient
) -> None:
    answered(session, exercise, "7KQ4B2XD9PMH", chosen=("asb", "burglary"), other="Noise")
    decided_and_published(app, session, exercise)
    with transaction(session):
        consultation = exercise.consultation
        consultation.state = State.DECIDED
        made = session.query(Decision).filter_by(priority_code="asb").one()
        progress.record(
            session,
            actor="One",
            now=AFTER,
            decision_id=made.id,
            standing=Standing.UNDER_WAY,
            said="Forty officers began to patrol the estates in March.",
        )
    client.forges = True
    with clock.stopped_at(AFTER):
        response = client.post(URL, data={"code": "7kq4-b2xd-9pmh"})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    text = " ".join(client.shown.text.split()) if client.shown else ""
    for expected in (
        name_of("asb"),
        "This is why for asb.",
        "Forty officers began to patrol",
        name_of("burglary"),
        "no decision was taken on it",
        "Noise",
        "Camden",
    ):
        assert expected in text, expected
    assert "Hackney" not in text
    assert "This is why for knife_crime." not in text


def test_before_it_is_published_it_says_when_it_is_due(
    session: Session, exercise: Exercise, client: PageClient
) -> None:
    answered(session, exercise, "7KQ4B2XD9PMH", chosen=("asb",))
    with clock.stopped_at(DURING):
        text = client.post_page(URL, {"code": "7KQ4B2XD9PMH"}).text
    assert "It is due by 15 February 2028" in text
    assert name_of("asb") in text
    assert "Adopted" not in text


def test_a_withdrawn_and_an_unknown_code_are_answered_alike_and_counted(
    session: Session, exercise: Exercise, client: PageClient
) -> None:
    answered(session, exercise, "7KQ4B2XD9PMH", chosen=("asb",))
    with transaction(session):
        mine = make_response(session, exercise, chosen=("asb",))
        mine.submission_key = service.receipt_hash("2222B2XD9PMH")
        withdraw_response(session, mine)
    with clock.stopped_at(DURING):
        pages = [
            client.post_page(URL, {"code": code}, status=422).text for code in ("2222B2XD9PMH", "X" * 12)
        ]
        assert pages[0].replace("2222B2XD9PMH", "") == pages[1].replace("X" * 12, "")
        assert UNKNOWN in pages[0]
        for _ in range(30):
            client.post(URL, data={"code": "WRONGWRONG22"})
        assert "Too many tries" in client.post_page(URL, {"code": "7KQ4B2XD9PMH"}, status=422).text
    with clock.stopped_at(DURING + timedelta(hours=1)):
        client.post_page(URL, {"code": "7KQ4B2XD9PMH"})


def test_another_site_cannot_send_a_code(session: Session, exercise: Exercise, client: PageClient) -> None:
    answered(session, exercise, "7KQ4B2XD9PMH", chosen=("asb",))
    away = {"Sec-Fetch-Site": "cross-site"}
    with clock.stopped_at(DURING):
        assert client.post(URL, data={"code": "7KQ4B2XD9PMH"}, headers=away).status_code == 422


def test_each_borough_has_a_part_in_which_no_few_people_can_be_seen(
    app: Flask, session: Session, exercise: Exercise, client: PageClient
) -> None:
    answered(session, exercise, "7KQ4B2XD9PMH", chosen=("asb",))
    decided_and_published(app, session, exercise)
    url = f"/consultations/{exercise.consultation.slug}/feedback"
    whole = client.get_page(url)
    assert "2 heard." in whole.text
    assert "Borough by borough" in whole.text
    camden = " ".join(client.get_page(f"{url}?borough={CAMDEN}").text.split())
    assert camden.startswith("Camden") or "Camden: what came of" in camden
    assert "This is why for asb." in camden
    hackney = " ".join(client.get_page(f"{url}?borough={HACKNEY}").text.split())
    assert "Too few people answered here" in hackney
    assert "3 responses" not in hackney
    assert "12" not in hackney, "what is left when Camden is taken from the whole"
    client.get_page(f"{url}?borough=nowhere", status=404)
    db.session.rollback()
