from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engage.analysis import service as analysis
from engage.analysis.queries import evidence_folder
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.foundations.settings import Settings
from engage.people.models import Person
from engage.people.rules import Role
from engage.plan_export import service
from engage.plan_export.deciding import reports
from engage.plan_export.models import Decision, DecisionReport, ReportReading
from tests.factories.analysis import make_response
from tests.factories.deciding import READER, decided, make_report
from tests.factories.responses import AFTER, Exercise
from tests.fixtures.client import PageClient
from tests.fixtures.people import add_person

HERE = "/officer/consultations/priorities/report"
LATER = AFTER + timedelta(days=5)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def decide(session: Session, settings: Settings, exercise: Exercise, on: date) -> Decision:
    person = session.query(Person).first() or add_person(session, Role.ADMINISTRATOR)
    return service.record_decision(
        session,
        actor="Test",
        person_id=person.id,
        now=LATER,
        consultation=exercise.consultation,
        decided=decided("burglary", on),
        folder=evidence_folder(settings),
    )


def test_a_report_keeps_the_figures_with_small_counts_withheld_and_never_changes(
    session: Session, settings: Settings, analysed: Exercise
) -> None:
    report = make_report(session, settings, analysed.consultation, AFTER)
    session.commit()
    session.expire_all()
    figures = report.content["figures"]
    lines = {line["code"]: line for line in figures["ranking"]}
    assert (lines["burglary"]["mentions"], lines["burglary"]["top"]) == ({"count": 12}, True)
    assert (lines["hate_crime"]["mentions"], lines["hate_crime"]["top"]) == ({"count": None}, False)
    assert figures["headline"]["respondents"] == {"count": 25}
    assert figures["equality"]["answered"] is True
    assert report.content["methods"]["time"]["days_open"] == 83
    assert [each["version"] for each in report.content["methods"]["questionnaires"]] == [1, 1, 1]
    assert reports.is_intact(report)
    assert reports.is_current(session, report, LATER)
    with pytest.raises(DBAPIError):
        session.execute(update(DecisionReport).values(content={}))
    session.rollback()
    with pytest.raises(DBAPIError):
        session.execute(update(ReportReading).values(reader="Somebody else"))
    session.rollback()


def test_a_changed_figure_shows(session: Session, settings: Settings, analysed: Exercise) -> None:
    report = make_report(session, settings, analysed.consultation, AFTER)
    changed = DecisionReport(content=report.content | {"number": 2}, digest=report.digest)
    assert not reports.is_intact(changed)


def test_of_the_same_figures_there_is_one_report_and_of_new_ones_another(
    session: Session, settings: Settings, analysed: Exercise
) -> None:
    first = make_report(session, settings, analysed.consultation, AFTER)
    assert make_report(session, settings, analysed.consultation, AFTER).id == first.id
    make_response(session, analysed, chosen=("fraud",))
    with pytest.raises(Refused, match="lag behind"):
        make_report(session, settings, analysed.consultation, LATER)
    folder = evidence_folder(settings)
    analysis.refresh(session, consultation=analysed.consultation, now=LATER, folder=folder)
    assert not reports.is_current(session, first, LATER)
    with pytest.raises(Refused, match="newer responses or figures"):
        decide(session, settings, analysed, LATER.date())
    second = make_report(session, settings, analysed.consultation, LATER)
    assert (second.number, reports.current(session, analysed.consultation.id)) == (2, second)


def test_nothing_is_decided_before_the_report_was_made_and_read(
    session: Session, settings: Settings, analysed: Exercise
) -> None:
    with pytest.raises(Refused, match="Make the report first"):
        decide(session, settings, analysed, LATER.date())
    report = reports.make(
        session,
        actor="Test",
        now=AFTER,
        consultation=analysed.consultation,
        folder=evidence_folder(settings),
        threshold=5,
    )
    with pytest.raises(Refused, match="Nobody has read the report"):
        decide(session, settings, analysed, LATER.date())
    read_on = AFTER.date() + timedelta(days=2)
    make_report(session, settings, analysed.consultation, LATER, read_on=read_on)
    for too_early in (AFTER.date() - timedelta(days=1), AFTER.date(), read_on - timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            decide(session, settings, analysed, too_early)
        assert refusal.value.field == "decided_on"
    decision = decide(session, settings, analysed, read_on)
    assert (decision.report_id, decision.snapshot_id) == (report.id, report.snapshot_id)
    assert (decision.mentions, decision.base, decision.owner) == (12, 25, "The borough commanders")


@pytest.mark.parametrize(
    ("reader", "days", "field"), [(" ", 1, "reader"), ("Ada", -1, "read_on"), ("Ada", 6, "read_on")]
)
def test_a_report_is_read_by_somebody_after_it_was_made_and_not_in_days_to_come(
    session: Session, settings: Settings, analysed: Exercise, reader: str, days: int, field: str
) -> None:
    report = make_report(session, settings, analysed.consultation, AFTER)
    read_on = AFTER.date() + timedelta(days=days)
    with pytest.raises(Refused) as refusal:
        reports.acknowledge(
            session, actor="Test", now=LATER, report_id=report.id, reader=reader, read_on=read_on
        )
    assert refusal.value.field == field


@ON_SQLITE
def test_officers_make_the_report_and_record_who_read_it(
    officer_client: PageClient, session: Session, analysed: Exercise
) -> None:
    with clock.stopped_at(LATER):
        assert "Make the report" in officer_client.get_page(HERE).text
        page = officer_client.post_page(HERE)
        assert "12" in page.text
        said = {"reader": READER, "read_on": ["6", "12", "2027"]}
        assert "This day is still to come" not in officer_client.post_page(f"{HERE}/1/read", said).text
        late = {"reader": "Bo Late, Member", "read_on": ["9", "12", "2027"]}
        assert "still to come" in officer_client.post_page(f"{HERE}/1/read", late, status=422).text
        assert READER in officer_client.get_page(f"{HERE}/1").text
    report = reports.get(session, analysed.consultation.id, 1)
    file = officer_client.get(f"{HERE}/1.json").data
    assert hashlib.sha256(file).hexdigest() == report.digest
    assert officer_client.get(f"{HERE}/7").status_code == 404


@ON_SQLITE
def test_before_the_analysis_no_report_is_made(
    officer_client: PageClient, session: Session, analysed: Exercise
) -> None:
    analysed.consultation.state = State.CLOSED
    session.commit()
    assert "have not been analysed yet" in officer_client.post_page(HERE, status=422).text
    assert session.query(DecisionReport).count() == 0
