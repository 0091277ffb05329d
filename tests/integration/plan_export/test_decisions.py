from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis import service as analysis
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import evidence_folder
from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.settings import Settings
from engage.foundations.spreadsheets import read_csv
from engage.plan_export.export import COLUMNS
from engage.plan_export.models import Decision
from tests.factories.analysis import make_response
from tests.factories.deciding import NOTE, make_report
from tests.factories.responses import AFTER, Exercise, make_exercise
from tests.fixtures.client import PageClient

HERE = "/officer/consultations/priorities/decisions"
REASON = "=HYPERLINK(\"http://example.org\")\n- two more officers will be posted to each ward; 'now'"
DAY = {"decided_on": ["3", "12", "2027"]}
LATER = AFTER + timedelta(days=5)


@pytest.fixture
def exercise(session: Session, settings: Settings) -> Exercise:
    """A consultation that is analysed: five priorities named by many, one by a few."""
    exercise = make_exercise(session, state=State.CLOSED)
    named = {
        "burglary": 12,
        "fraud": 11,
        "robbery": 10,
        "shoplifting": 9,
        "vehicle_crime": 9,
        "asb": 8,
        "hate_crime": 2,
    }
    for code, times in named.items():
        for _ in range(times):
            make_response(session, exercise, chosen=(code,))
    exercise.consultation.state = State.ANALYSED
    exercise.consultation.analysed_at = AFTER
    analysis.refresh(session, consultation=exercise.consultation, now=AFTER, folder=evidence_folder(settings))
    make_report(session, settings, exercise.consultation, AFTER)
    session.commit()
    return exercise


def decide(client: PageClient, code: str, status: int = 200, **changed: object) -> str:
    values = {
        "outcome": "in_part",
        "reason": REASON,
        "decision_maker": "The full Authority",
        "owner": "The borough commanders",
        "equality_note": NOTE,
        **DAY,
        **changed,
    }
    with clock.stopped_at(LATER):
        return client.post_page(f"{HERE}/{code}", values, status=status).text


def sign(client: PageClient, gate: str) -> None:
    said = {"reason": "The council tax had to be set before Easter.", "signed_by": "Ada Reader, Chair"}
    with clock.stopped_at(LATER):
        client.post_page(f"/officer/consultations/priorities/gates/{gate}", said)


def test_a_decision_keeps_the_figures_and_the_snapshot_it_was_taken_from(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    assert "12 of 61 responses named it" in officer_client.get_page(f"{HERE}/burglary").text
    assert "is recorded" in decide(officer_client, "burglary")
    decision = session.scalars(select(Decision)).one()
    assert (decision.mentions, decision.base, decision.decided_on) == (12, 61, date(2027, 12, 3))
    assert decision.snapshot_id == session.scalars(select(EvidenceSnapshot.id)).one()
    decide(officer_client, "burglary", outcome="adopted")
    session.expire_all()
    assert session.scalars(select(Decision)).one().outcome == "adopted"
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "decision.recorded")).all()
    assert [event.details["outcome"] for event in events] == ["in_part", "adopted"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": "n/a"}, "Say why in a sentence"),
        ({"reason": " "}, "Write the reason"),
        ({"outcome": ""}, "Choose what was decided"),
        ({"decision_maker": ""}, "Say who decided"),
        ({"decided_on": ["26", "11", "2027"]}, "a decision cannot be older"),
        ({"decided_on": ["30", "11", "2027"]}, "The report is of 1 December 2027"),
        ({"owner": ""}, "Say who sees to it"),
        ({"equality_note": "We found no different effect because "}, "Finish the sentence"),
        ({"equality_note": ""}, "different groups of people"),
        ({"reason": "Sadly, this is not a priority\nat this time."}, "gives no reason"),
        ({"decided_on": ["3", "3", "2028"]}, "still to come"),
        ({"decided_on": ["", "", ""]}, "Enter the day"),
    ],
)
def test_a_decision_that_will_not_do_is_refused_beside_its_field(
    officer_client: PageClient, session: Session, exercise: Exercise, changed: dict[str, object], said: str
) -> None:
    assert said in decide(officer_client, "burglary", status=422, **changed)
    assert session.query(Decision).count() == 0


def test_nothing_is_decided_before_the_analysis_or_after_the_feedback(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    consultation = session.get_one(Consultation, exercise.consultation.id)
    consultation.state = State.CLOSED
    session.commit()
    assert "not been analysed yet" in decide(officer_client, "burglary", status=422)
    consultation.state, consultation.decided_at = State.FED_BACK, AFTER
    consultation.fed_back_at = AFTER
    session.commit()
    assert "stay as everybody was told" in decide(officer_client, "burglary", status=422)
    assert session.query(Decision).count() == 0


def test_nothing_is_decided_on_figures_that_lag_behind(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    make_response(session, exercise, chosen=("fraud",))
    session.commit()
    assert "newer responses or figures" in decide(officer_client, "burglary", status=422)


def test_a_consultation_is_decided_when_every_top_priority_is_ties_included(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    for code in ("burglary", "fraud", "robbery", "shoplifting"):
        decide(officer_client, code)
    page = officer_client.post_page(f"{HERE}/finish", status=422)
    assert "1 of the top priorities has no decision yet" in page.text
    decide(officer_client, "vehicle_crime", outcome="not_adopted")
    page = officer_client.post_page(f"{HERE}/finish", status=422)
    assert "open for 83 days, which is less than 12 weeks" in page.text
    for gate in ("time", "equality"):
        sign(officer_client, gate)
    with clock.stopped_at(LATER):
        assert "Feedback comes next" in officer_client.post_page(f"{HERE}/finish").text
    session.expire_all()
    assert session.get_one(Consultation, exercise.consultation.id).state is State.DECIDED


def test_the_export_traces_every_line_and_withholds_what_is_small(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    decide(officer_client, "burglary")
    rows = read_csv(officer_client.get(f"{HERE}/export.csv").data)
    assert tuple(rows[0]) == COLUMNS
    lines = {row[1]: dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]}
    burglary = lines["burglary"]
    assert burglary["reason"] == REASON
    assert (burglary["rank"], burglary["mentions"], burglary["base"]) == ("1", "12", "61")
    assert burglary["snapshot"] == session.scalars(select(EvidenceSnapshot.digest)).one()
    assert "version 1" in burglary["questions"]
    assert lines["hate_crime"]["mentions"] == lines["hate_crime"]["share"] == "withheld"
    assert lines["fraud"]["outcome"] == ""
    document = json.loads(officer_client.get(f"{HERE}/export.json").data)
    small = next(line for line in document["lines"] if line["priority_code"] == "hate_crime")
    assert (small["mentions"], small["share"], small["withheld"]) == (None, None, ["mentions"])
    book = openpyxl.load_workbook(io.BytesIO(officer_client.get(f"{HERE}/export.xlsx").data))
    found = [row for row in book.active.iter_rows(min_row=2, values_only=True) if row[1] == "burglary"]
    assert found[0][7] == REASON
    assert officer_client.get(f"{HERE}/export.exe").status_code == 404


def test_the_command_writes_the_same_lines(
    app: Flask, officer_client: PageClient, exercise: Exercise, tmp_path: Path
) -> None:
    decide(officer_client, "burglary")
    target = tmp_path / "plan.csv"
    result = app.test_cli_runner().invoke(args=["export", "priorities", "--format", "csv", "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert read_csv(target.read_bytes()) == read_csv(officer_client.get(f"{HERE}/export.csv").data)
    missing = app.test_cli_runner().invoke(args=["export", "nowhere", "-o", str(target)])
    assert missing.exit_code == 1
    assert "no consultation called nowhere" in missing.output


def test_the_list_shows_every_priority_with_its_decision(
    officer_client: PageClient, exercise: Exercise
) -> None:
    assert "5 top priorities have no decision yet" in officer_client.get_page(HERE).text
    text = decide(officer_client, "burglary")
    assert "Adopted in part" in text
    assert "withheld" in text
    assert officer_client.get(f"{HERE}/unheard_of").status_code == 404
