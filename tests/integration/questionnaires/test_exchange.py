"""Importing and exporting: nothing is stored before the officer says so, and nothing is uploaded twice."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations.database import transaction
from engage.questionnaires import drafts, service
from engage.questionnaires.models import Questionnaire, QuestionnaireDraft
from tests.factories.exchange import small_lss, surveyjs, xlsform
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

NOW = datetime(2027, 5, 4, 9, 30, tzinfo=UTC)
DEFINITION = {
    "title": "Noise",
    "intro": "",
    "minutes": 2,
    "pages": [
        {
            "code": "only",
            "title": "Noise",
            "questions": [{"code": "q", "kind": "long_text", "label": "What?"}],
        }
    ],
}
IMPORT = "/officer/questionnaires/import"
CHOICE = {"type": "radiogroup", "name": "where", "title": "Where is it?", "choices": ["home", "out"]}
SURVEY = surveyjs(CHOICE, {"type": "file", "name": "photo"})


def upload(
    client: PageClient, content: bytes, name: str = "survey.json", *, status: int = 200, **data: Any
) -> Page:
    client.get_page(IMPORT)
    sent = {"file": (io.BytesIO(content), name), "source": ""} | data
    return client.post_page(IMPORT, sent, status=status, content_type="multipart/form-data")


def start(client: PageClient, report: Page, *, status: int = 200, **data: str) -> Page:
    return client.post_page(f"{IMPORT}/start", report.form_values() | data, status=status)


def stored(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Questionnaire)) or 0


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (SURVEY, "SurveyJS"),
        (xlsform(("text", "where", "Where is it?")), "XLSForm"),
        (small_lss({"title": "W1", "type": "S", "question": "Where is it?"}), "LimeSurvey"),
        (surveyjs(CHOICE, title=""), "Imported questionnaire"),
    ],
)
def test_what_is_in_a_file_is_shown_before_anything_is_stored(
    officer_client: PageClient, session: Session, content: bytes, source: str
) -> None:
    page = upload(officer_client, content)
    assert page.h1 == "What is in the file"
    assert "Where is it?" in page.text
    assert source in page.text
    assert stored(session) == 0


def test_what_is_left_out_is_listed(officer_client: PageClient) -> None:
    page = upload(officer_client, SURVEY)
    assert "pages[0].elements[1] (photo)" in page.text
    assert "An element of the type “file”." in page.text
    assert "Everything in the file has a place here." not in page.text
    assert "Everything in the file has a place here." in upload(officer_client, surveyjs(CHOICE)).text


def test_a_draft_is_started_without_uploading_again(officer_client: PageClient, session: Session) -> None:
    page = start(
        officer_client, upload(officer_client, SURVEY), code="noise-at-night", title="Noise at night"
    )
    assert "Where is it?" in page.text
    draft = drafts.get_draft(session, "noise-at-night")
    assert draft.title == "Noise at night"
    assert draft.definition["pages"][0]["questions"][0]["label"] == "Where is it?"
    assert draft.framework_id is None


def test_a_name_that_is_taken_is_asked_for_again_with_the_report(
    officer_client: PageClient, session: Session
) -> None:
    report = upload(officer_client, SURVEY)
    start(officer_client, report, code="noise")
    again = start(officer_client, report, code="noise", status=422)
    assert "There is a questionnaire called “noise” already." in again.text
    assert "An element of the type “file”." in again.text
    start(officer_client, again, code="noise-2")
    assert stored(session) == 2


@pytest.mark.parametrize(
    ("code", "title"), [("", "Noise"), ("Noise!", "Noise"), ("noise", ""), ("a" * 71, "Noise")]
)
def test_a_draft_needs_a_name_and_a_short_name(
    officer_client: PageClient, session: Session, code: str, title: str
) -> None:
    start(officer_client, upload(officer_client, SURVEY), code=code, title=title, status=422)
    assert stored(session) == 0


@pytest.mark.parametrize("forged", ["", "eyJhIjoxfQ.c2lnbmF0dXJl", "x" * 1000])
def test_a_report_that_we_did_not_sign_starts_nothing(
    officer_client: PageClient, session: Session, forged: str
) -> None:
    report = upload(officer_client, SURVEY)
    page = start(officer_client, report, carried=forged, code="noise")
    assert page.h1 == "Import a questionnaire"
    assert stored(session) == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"title,label", "We do not know this kind of file."),
        (b'{"pages": [{}, 1]}', "pages[1] is not an object."),
        (xlsform(("text", "", "Q?")), "Row 2 of the sheet “survey” has no name."),
        (b"<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>", "This file declares a document type or entities."),
    ],
)
def test_a_broken_file_is_refused_beside_its_field(
    officer_client: PageClient, session: Session, content: bytes, says: str
) -> None:
    page = upload(officer_client, content, status=422)
    assert says in page.text
    assert stored(session) == 0


def test_no_file_and_a_file_of_another_format_are_refused(officer_client: PageClient) -> None:
    assert "Choose a file." in officer_client.post_page(IMPORT, {"source": ""}, status=422).text
    assert "This is not XML" in upload(officer_client, SURVEY, source="limesurvey", status=422).text
    upload(officer_client, SURVEY, source="oracle", status=422)


def test_a_file_that_is_too_large_is_refused(officer_client: PageClient) -> None:
    # Written out here: the test client would leave its own temporary file open.
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n'
    body = head + b" " * 2_000_000 + b"\r\n--x--\r\n"
    officer_client.post_page(IMPORT, body, status=413, content_type="multipart/form-data; boundary=x")


def test_markup_in_a_file_is_shown_as_text(officer_client: PageClient) -> None:
    element = {"type": "file<script>alert(1)</script>", "name": "<img src=x onerror=alert(1)>"}
    page = upload(officer_client, surveyjs(CHOICE, element, title="<b>Noise</b> & more"))
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "“Noise & more”" in page.text
    assert page.all("script", src="x") == []


def test_a_large_questionnaire_is_carried(officer_client: PageClient, session: Session) -> None:
    elements = [
        {
            "type": "radiogroup",
            "name": f"q{n}",
            "title": f"Question {n}?",
            "choices": [f"answer {m}" for m in range(10)],
        }
        for n in range(200)
    ]
    start(officer_client, upload(officer_client, surveyjs(*elements)), code="large")
    assert len(drafts.get_draft(session, "large").definition["pages"][0]["questions"]) == 200


def test_what_is_exported_can_be_imported_again(officer_client: PageClient, session: Session) -> None:
    with transaction(session):
        drafts.start(
            session,
            actor="Ada",
            now=NOW,
            code="noise",
            title="Noise",
            framework_id=None,
            definition=DEFINITION,
            privacy_notice="We keep little.",
        )
    answer = officer_client.get("/officer/questionnaires/noise/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="noise-draft.json"'
    assert json.loads(answer.data)["definition"] == DEFINITION
    report = upload(officer_client, answer.data)
    assert report.form_values()["code"] == "noise"
    start(officer_client, report, code="noise-again")
    again = drafts.get_draft(session, "noise-again")
    assert (again.definition, again.privacy_notice) == (DEFINITION, "We keep little.")


def test_a_version_is_exported_when_it_is_asked_for(officer_client: PageClient, session: Session) -> None:
    with transaction(session):
        questionnaire = Questionnaire(code="noise", title="Noise")
        session.add(questionnaire)
        session.flush()
        for title in ("First", "Second"):
            service.publish(
                session,
                actor="Ada",
                now=NOW,
                questionnaire=questionnaire,
                definition=DEFINITION | {"title": title},
                privacy_notice="",
            )
        drafts.begin_from_live(session, actor="Ada", now=NOW, code="noise")

    def title(query: str) -> Any:
        return json.loads(officer_client.get(f"/officer/questionnaires/noise/export{query}").data)[
            "definition"
        ]["title"]

    assert (title("?version=1"), title("?version=2"), title("")) == ("First", "Second", "Second")
    with transaction(session):
        session.delete(session.scalars(select(QuestionnaireDraft)).one())
    assert title("") == "Second"
    assert officer_client.get("/officer/questionnaires/noise/export?version=3").status_code == 404
    assert officer_client.get("/officer/questionnaires/nothing/export").status_code == 404


def test_only_officers_import_and_export(client: PageClient, coordinator_client: PageClient) -> None:
    for url in (IMPORT, "/officer/questionnaires/noise/export"):
        assert client.get(url).status_code == 303
        assert coordinator_client.get(url).status_code == 403
