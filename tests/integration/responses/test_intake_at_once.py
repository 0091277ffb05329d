"""Two officers who import the same file at the same moment."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.responses.intake import service
from engage.responses.intake.trying import Read
from engage.responses.models import Channel, ImportedFile, Response
from tests.factories.responses import DURING, make_exercise


def count(session: Session, what: Any) -> int:
    return session.execute(select(func.count()).select_from(what)).scalar_one()


def test_two_officers_at_once_import_a_file_once(app: Flask, session: Session) -> None:
    exercise = make_exercise(session)
    instrument = exercise.instruments["full"]
    given: dict[str, Any] = {
        "consultation_id": exercise.consultation.id,
        "instrument_id": instrument.id,
        "version_id": instrument.version_id,
        "channel": Channel.PAPER,
        "name": "a.csv",
        "digest": "d" * 64,
        "mapping": {},
        "responses": [Read(row, {"how": {"chosen": "bus"}}, "E09000007", None) for row in range(2, 40)],
    }
    start, refused = Barrier(2), []

    def importing(actor: str) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction(db.session()) as session:
                    service.import_file(session, actor=actor, now=DURING, **given)
            except Refused as refusal:
                refused.append(str(refusal.message))

    threads = [Thread(target=importing, args=(actor,)) for actor in ("Olive", "Sam")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "This file was imported on 1 October 2027" in refused[0]
    with app.app_context():
        assert count(db.session(), Response) == 38
        assert count(db.session(), ImportedFile) == 1
