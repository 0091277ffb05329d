"""`engage list-consultations`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

from flask import Flask
from sqlalchemy.orm import Session

from engage.consultations import queries
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.desks.queries import count_responses
from engage.responses.models import Channel, Response, ResponseRevision, RevisionKind
from tests.factories.boroughs import make_area
from tests.factories.consultations import make_consultation

HOUR = datetime(2027, 8, 2, 12, 0, tzinfo=UTC)


def respond(session: Session, consultation: Consultation, number: int, *kinds: RevisionKind) -> None:
    instrument = queries.instruments(session, consultation.id)[0]
    key = sha256(f"{consultation.id} {number}".encode()).digest()
    response = Response(
        consultation_id=consultation.id,
        instrument_id=instrument.id,
        version_id=instrument.version_id,
        channel=Channel.WEB,
        area_code="E09000007",
        received_at=HOUR,
        submission_key=key,
    )
    session.add(response)
    session.flush()
    session.add_all(
        ResponseRevision(
            response_id=response.id,
            number=order,
            kind=kind,
            answers=None if kind is RevisionKind.WITHDRAWN else {},
        )
        for order, kind in enumerate(kinds, start=1)
    )
    session.flush()


def fill(session: Session) -> None:
    make_area(session)
    asked = make_consultation(session, State.OPEN, slug="asked")
    make_consultation(session, slug="planned")
    respond(session, asked, 1, RevisionKind.SUBMITTED)
    respond(session, asked, 2, RevisionKind.SUBMITTED, RevisionKind.EQUALITY)
    respond(session, asked, 3, RevisionKind.SUBMITTED, RevisionKind.WITHDRAWN)
    session.commit()


def test_withdrawn_responses_are_not_counted_and_revisions_not_twice(session: Session) -> None:
    fill(session)
    assert count_responses(session) == [("asked", State.OPEN, 2), ("planned", State.PLANNED, 0)]


def test_consultations_are_listed_as_lines_and_as_json(app: Flask, session: Session) -> None:
    fill(session)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["list-consultations"]).output == "asked\topen\t2\nplanned\tplanned\t0\n"
    listed = json.loads(runner.invoke(args=["list-consultations", "--json"]).output)
    assert listed == [
        {"slug": "asked", "state": "open", "responses": 2},
        {"slug": "planned", "state": "planned", "responses": 0},
    ]
