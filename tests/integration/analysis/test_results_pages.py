from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis import queries
from engage.analysis.models import Coding, EvidenceSnapshot
from engage.analysis.tasks import refresh_those_behind
from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.settings import Settings
from tests.factories.analysis import make_response, withdraw
from tests.factories.responses import AFTER, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of

HERE = "/officer/consultations/priorities/results"


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session, state=State.CLOSED)


def fill(session: Session, exercise: Exercise) -> None:
    for _ in range(12):
        make_response(session, exercise, chosen=("burglary", "fraud"), area="E09000007")
    for _ in range(9):
        make_response(session, exercise, chosen=("robbery",), area="E09000003")
    for _ in range(2):
        make_response(session, exercise, chosen=("fraud",), area="E09000001")
    withdraw(session, make_response(session, exercise, chosen=("burglary",)))
    session.commit()


def test_before_anything_is_counted_the_page_offers_to_count(
    officer_client: PageClient, exercise: Exercise
) -> None:
    page = officer_client.get_page(HERE)
    assert "No figures yet" in page.text


def test_an_officer_counts_and_sees_the_ranking_with_small_counts_withheld(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    fill(session, exercise)
    with clock.stopped_at(AFTER):
        page = officer_client.post_page(f"{HERE}/refresh")
    assert "23" in page.text
    assert page.text.index("Burglary") < page.text.index("Robbery")
    assert "withheld" in page.text
    assert "Counts of 1 to 4 are withheld" in page.text
    snapshot = session.scalars(select(EvidenceSnapshot)).one()
    assert snapshot.digest[:16] in page.text
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "evidence.counted")).all()
    assert [event.details["responses"] for event in events] == [23]


@pytest.mark.parametrize("by", ["instrument", "area", "group", "channel", "nonsense"])
def test_every_breakdown_is_a_page(
    officer_client: PageClient, session: Session, exercise: Exercise, by: str
) -> None:
    fill(session, exercise)
    officer_client.post_page(f"{HERE}/refresh")
    page = officer_client.get_page(f"{HERE}?by={by}&priority=fraud")
    assert "Where it came from" in page.text


def test_a_borough_with_few_responses_is_withheld_whole_and_another_with_it(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    fill(session, exercise)
    officer_client.post_page(f"{HERE}/refresh")
    page = officer_client.get_page(f"{HERE}?by=area")
    rows = {row[0]: row[1:] for row in page_rows(page, "Every priority by")}
    assert set(rows["City of London"]) == {"withheld"}
    assert set(rows["Barnet"]) == {"withheld"}
    assert rows["Camden"][0] == "12"
    assert rows["Hackney"][0] == "0"


def page_rows(page: Page, caption: str) -> list[list[str]]:
    table = next(table for table in page.all("table") if caption in text_of(table))
    rows = (row for row in table.iter() if str(row.tag).endswith("tr"))
    return [[text_of(cell).strip() for cell in row] for row in rows]


def test_the_page_says_when_the_figures_lag_behind_and_the_worker_catches_up(
    officer_client: PageClient, session: Session, exercise: Exercise, settings: Settings
) -> None:
    fill(session, exercise)
    with clock.stopped_at(AFTER):
        officer_client.post_page(f"{HERE}/refresh")
    make_response(session, exercise, chosen=("fraud",))
    session.commit()
    assert "since these figures were counted" in officer_client.get_page(HERE).text
    refresh_those_behind(session, AFTER + timedelta(minutes=10))
    session.commit()
    assert "since these figures were counted" not in officer_client.get_page(HERE).text
    assert session.query(EvidenceSnapshot).count() == 2


def test_a_closed_consultation_is_marked_as_analysed(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    fill(session, exercise)
    officer_client.post_page(f"{HERE}/refresh")
    with clock.stopped_at(AFTER):
        officer_client.post(f"{HERE}/analysed")
    session.expire_all()
    assert session.get_one(Consultation, exercise.consultation.id).state is State.ANALYSED
    page = officer_client.post_page(f"{HERE}/analysed", status=422)
    assert "already" in page.text


def test_texts_are_coded_and_coded_again(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    make_response(session, exercise, instrument="full", words=("Burglary", "<b>Trees</b>"))
    gone = make_response(session, exercise, instrument="full", words=("Withdrawn words",))
    session.commit()
    with clock.stopped_at(AFTER):
        officer_client.post_page(f"{HERE}/refresh")
    withdraw(session, gone)
    session.commit()
    page = officer_client.get_page(f"{HERE}/coding")
    assert "Suggested by its wording" in page.text
    assert "<b>Trees</b>" in page.text
    assert "Withdrawn words" not in page.text
    assert "Camden" not in page.text
    values = {name: value for name, value in page.form_values().items() if name.startswith("code-")}
    assert sorted(values.values()) == ["", "burglary"]
    with clock.stopped_at(AFTER):
        after = officer_client.post_page(
            f"{HERE}/coding", {name: value or "none" for name, value in values.items()}
        )
    assert "2 texts are coded" in after.text
    codings = session.scalars(select(Coding).order_by(Coding.slot)).all()
    assert [coding.priority_code for coding in codings] == ["burglary", None]
    again = officer_client.get_page(f"{HERE}/coding?show=coded")
    fields = {name: "fraud" for name in again.form_values() if name.startswith("code-")}
    officer_client.post_page(f"{HERE}/coding?show=coded", fields)
    session.expire_all()
    assert {coding.priority_code for coding in session.scalars(select(Coding))} == {"fraud"}
    details = [
        event.details for event in session.scalars(select(AuditEvent)) if event.action == "texts.coded"
    ]
    assert details[0] == {"texts": 2, "none": 1}


def test_a_text_changed_since_it_was_shown_is_not_coded(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    response = make_response(session, exercise, instrument="full", words=("Burglary",))
    session.commit()
    field = f"code-{response.id}-1-{'0' * 32}-priorities"
    officer_client.post_page(f"{HERE}/refresh")
    page = officer_client.post_page(f"{HERE}/coding", {field: "burglary"})
    assert "0 texts are coded" in page.text
    assert session.query(Coding).count() == 0


def test_a_code_that_is_not_of_the_framework_is_refused(
    officer_client: PageClient, session: Session, exercise: Exercise
) -> None:
    response = make_response(session, exercise, instrument="full", words=("Burglary",))
    session.commit()
    officer_client.post_page(f"{HERE}/refresh")
    text = queries.own_words(session, [(response.id, "priorities", 1)])[0]
    field = f"code-{response.id}-1-{text.text_digest}-priorities"
    page = officer_client.post_page(f"{HERE}/coding", {field: "made_up"}, status=422)
    assert "Choose from the priorities" in page.text


def test_the_evidence_lies_in_the_instance(
    officer_client: PageClient, exercise: Exercise, settings: Settings
) -> None:
    officer_client.post_page(f"{HERE}/refresh")
    folder: Path = settings.instance / "evidence" / str(exercise.consultation.id)
    assert sorted(path.suffix for path in folder.iterdir()) == ["", ".parquet"]
