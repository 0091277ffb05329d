"""An emerging issue from idea to open on one page: all of it or nothing, and every gate is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.boroughs.service import load_london
from engage.consultations import queries
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.questionnaires import history
from engage.questionnaires.models import Questionnaire, QuestionnaireDraft
from engage.timetable import queries as timetable
from engage.timetable.models import Entry
from tests.factories.consultations import make_framework
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of

ADDRESS = "/officer/consultations/emerging"
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SAID: dict[str, Any] = {
    "title": "Fireworks in the park",
    "purpose": "Fireworks were thrown at people on two evenings.",
    "can_change": "Where officers patrol in the evening.",
    "cannot_change": "The law on fireworks.",
    "label_1": "Which of these have you seen?",
    "how_1": "list",
    "options_1": "Fireworks thrown\r\nPeople hurt\r\n\r\nNothing of it",
    "at_most_1": "2",
    "label_2": "Do you agree?",
    "how_2": "agree",
    "options_2": "I avoid the park in the evening.",
    "label_3": "What should be done?",
    "how_3": "words",
    "urgent_reason": "The next event is in two weeks.",
    "urgent_authorised_by": "The Chief Executive",
    "decision_maker": "The Borough Commander",
    "closes_at": ["15", "3", "2027"],
    "decision_due_on": ["29", "3", "2027"],
    "feedback_due_on": ["12", "4", "2027"],
}


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture(autouse=True)
def london(session: Session) -> None:
    load_london(session)
    make_framework(session)
    session.commit()


def post(client: PageClient, status: int = 200, **changed: str) -> Any:
    return client.submit(client.get_page(ADDRESS), SAID | changed, status=status)


def how_many(session: Session) -> list[int | None]:
    session.rollback()
    tables = (Entry, Consultation, Questionnaire, QuestionnaireDraft)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_one_page_leads_from_an_idea_to_an_open_consultation(
    session: Session, officer_client: PageClient, client: PageClient
) -> None:
    page = post(officer_client)
    assert "The consultation is open." in page.text
    consultation = queries.get_consultation(session, "fireworks-in-the-park")
    assert (consultation.state, consultation.opened_at) == (State.OPEN, NOW)
    entry = timetable.get_entry(session, "fireworks-in-the-park")
    assert entry.urgent_reason == "The next event is in two weeks."
    assert how_many(session) == [1, 1, 1, 0]
    (version,) = history.versions(session, "fireworks-in-the-park")
    assert [(question.kind, question.label) for question in version.definition.questions] == [
        ("several_choices", "Which of these have you seen?"),
        ("statements", "Do you agree?"),
        ("long_text", "What should be done?"),
        ("area", "Where in London do you live?"),
    ]
    assert version.privacy_notice
    asked = client.get_page("/take-part/fireworks-in-the-park/poll")
    assert "People hurt" in asked.text
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [action for action in actions if not action.startswith("person.")] == [
        "entry.added",
        "questionnaire.started",
        "questionnaire.published",
        "consultation.created",
        "consultation.instrument_added",
        "consultation.announced",
        "consultation.open",
    ]


def test_it_can_be_answered_at_once(officer_client: PageClient, client: PageClient) -> None:
    post(officer_client, label_2="", how_2="list", options_2="", label_3="", at_most_1="1", ask_borough="no")
    path = "/take-part/fireworks-in-the-park/poll"
    page = client.get_page(path)
    field = page.all("input", type="radio")[0]
    sent = page.form_values() | {field.get("name", ""): field.get("value", "")}
    assert client.post_page(f"{path}/send", sent).h1 == "Your answers are stored"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"purpose": " "}, "purpose"),
        ({"can_change": ""}, "can_change"),
        ({"cannot_change": ""}, "cannot_change"),
        ({"audience": ""}, "audience"),
        ({"how_to_take_part": ""}, "how_to_take_part"),
        ({"decision_maker": ""}, "decision_maker"),
        ({"urgent_reason": ""}, "urgent_reason"),
        ({"urgent_authorised_by": ""}, "urgent_authorised_by"),
        ({"label_1": ""}, "label_1"),
        ({"options_1": "Only one"}, "options_1"),
        ({"options_1": "Twice\ntwice"}, "options_1"),
        ({"options_1": "\n".join(map(str, range(13)))}, "options_1"),
        ({"at_most_1": "9"}, "at_most_1"),
        ({"at_most_1": "two"}, "at_most_1"),
        ({"options_2": ""}, "options_2"),
        ({"label_2": ""}, "label_2"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_left_behind(
    session: Session, officer_client: PageClient, changed: dict[str, str], field: str
) -> None:
    page = post(officer_client, status=422, **changed)
    assert text_of(page.find("p", id=f"{field}-error"))
    assert page.find("a", href=f"#{field}") is not None
    assert how_many(session) == [0, 0, 0, 0]


def test_a_question_and_its_list_are_missed_at_once(officer_client: PageClient) -> None:
    page = post(officer_client, status=422, label_1="", options_1="")
    assert page.find("a", href="#label_1") is not None
    assert page.find("a", href="#options_1") is not None


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"closes_at": ["28", "2", "2027"]}, "closes_at"),
        ({"closes_at": ["", "", ""]}, "closes_at"),
        ({"decision_due_on": ["2", "3", "2027"]}, "decision_due_on"),
        ({"feedback_due_on": ["", "", ""]}, "feedback_due_on"),
        ({"feedback_due_on": ["1", "12", "2027"]}, "feedback_due_on"),
    ],
)
def test_dates_keep_the_promises_of_every_consultation(
    session: Session, officer_client: PageClient, dates: dict[str, list[str]], field: str
) -> None:
    page = officer_client.submit(officer_client.get_page(ADDRESS), SAID | dates, status=422)
    assert text_of(page.find("p", id=f"{field}-error"))
    assert how_many(session) == [0, 0, 0, 0]


def test_pressing_twice_opens_one(session: Session, officer_client: PageClient) -> None:
    post(officer_client)
    page = post(officer_client, status=422)
    assert "A consultation with this title is open already." in text_of(page.find("p", id="title-error"))
    assert how_many(session) == [1, 1, 1, 0]


def test_the_list_of_consultations_leads_there(officer_client: PageClient) -> None:
    links = {link.href for link in officer_client.get_page("/officer/consultations/").links}
    assert ADDRESS in links
