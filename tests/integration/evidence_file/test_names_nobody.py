"""Nothing of what people gave in confidence is in a bundle, whatever table or free text it lies in."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Enum, LargeBinary, String, Uuid, select
from sqlalchemy.orm import Session

from engage.analysis import service as analysis
from engage.analysis.queries import evidence_folder
from engage.consultations.rules import State
from engage.evidence_file.verifying import verify
from engage.feedback.models import Feedback
from engage.foundations.database import Base
from engage.foundations.settings import Settings
from engage.people.models import Person
from tests.factories.evidence_file import (
    ADDRESSES,
    CLERK,
    LATER,
    Files,
    files_of,
    make_bundle,
    make_whole,
)
from tests.factories.private import WORDS, make_private

# Tables whose rows everybody is told of, but for who did something and what officers noted for themselves.
PUBLIC = frozenset(
    {
        *("area", "audit_event", "calendar_period", "census_count", "community_group", "consultation"),
        *("decision", "decision_progress", "decision_report", "duty", "entry", "entry_mark", "entry_news"),
        *("evidence_bundle", "evidence_snapshot", "extension", "feedback", "gate_exception", "instrument"),
        *("link", "notice", "plan_measure", "plan_objective", "plan_period", "plan_priority"),
        *("plan_version", "policing_plan", "priority", "priority_framework", "questionnaire"),
        *("questionnaire_version", "report_reading"),
    }
)
NOTED = frozenset(
    {
        "audit_event.actor",
        "audit_event.details",
        "link.label",
        "questionnaire_version.note",
        "report_reading.reader",
    }
)
# What these columns hold besides texts and secrets, like states and moments, tells nothing of anybody.
TELLING = (String, Uuid, LargeBinary, JSON)


def private_values(session: Session) -> set[str]:
    """Return every text, key and secret of the tables and columns that hold what is private."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for column in (column for table in Base.metadata.sorted_tables for column in table.columns):
        private = column.table.name not in PUBLIC or str(column) in NOTED or column.name.endswith("_by")
        if private and (not isinstance(column.type, TELLING) or isinstance(column.type, Enum)):
            continue
        for value in session.scalars(select(column)):
            found[private] |= texts_of(value)
    return {value for value in found[True] - found[False] if len(value) > 5}


def texts_of(value: Any) -> set[str]:
    """Return every text in a value; keys and secrets as they could be written."""
    if isinstance(value, dict | list):
        several = value.values() if isinstance(value, dict) else value
        return {text for each in several for text in texts_of(each)}
    if isinstance(value, bytes):
        return {value.hex()}
    if isinstance(value, UUID):
        return {value.hex, str(value)}
    return {value.isoformat() if isinstance(value, date) else str(value)}


def found_in(files: Files, words: set[str]) -> dict[str, list[str]]:
    """Return what of these is in each file, however it is written."""
    return {
        path: hits
        for path, content in files.items()
        if (hits := [word for word in sorted(words) if word.casefold() in content.decode().casefold()])
    }


def test_nobody_who_took_part_or_works_here_can_be_found_in_any_file(
    session: Session, settings: Settings
) -> None:
    exercise = make_whole(session, settings)
    consultation = exercise.consultation
    session.add(
        Feedback(consultation_id=consultation.id, said="A", decided="B", reconciled="C", published_at=LATER)
    )
    session.commit()
    secrets = make_private(session, exercise)
    analysis.refresh(session, consultation=consultation, now=LATER, folder=evidence_folder(settings))
    consultation.state, consultation.decided_at = State.DECIDED, LATER
    session.commit()
    _, file = make_bundle(session, settings, exercise)
    assert verify(file).faults == ()
    kept = private_values(session)
    assert (
        {*ADDRESSES, *WORDS} - {word for word in WORDS for value in kept if word in value}
        <= set(ADDRESSES)
        <= kept
    )
    people = {word for row in session.execute(select(Person.email, Person.name)) for word in row}
    words = {*secrets, *ADDRESSES, *people, "Quentin", "Prudence", *CLERK.strip(">").split(" <"), *kept}
    files = files_of(file)
    assert len(words) > 80
    assert found_in(files, words) == {}
    # What is left out is counted, and what was done is still told.
    assert [each["mentions"] for each in json.loads(files["decisions.json"])] == [12, None]
    [notice] = json.loads(files["notices.json"])
    assert notice["said"] == (
        "Questions? Ask coordinator 1, (left out), or coordinator 1 on (left out), or (left out)."
    )
    log = [json.loads(line) for line in files["audit.jsonl"].splitlines()]
    [changed] = [event for event in log if event["action"] == "link.changed"]
    assert (changed["details"], changed["left_out"]) == ({}, 3)
    assert "feedback.postal_added" in {event["action"] for event in log}
