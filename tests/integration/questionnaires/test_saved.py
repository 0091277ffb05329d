"""The bank of questions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.questionnaires import drafts, saved
from engage.questionnaires.definitions import parse
from tests.fixtures.client import PageClient
from tests.fixtures.page import text_of

OFFICER = "Test officer <officer@example.test>"
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
ROOM = "/officer/questionnaires"
SAFE: dict[str, Any] = {
    "code": "safe",
    "kind": "one_choice",
    "label": "Do you feel safe after dark?",
    "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
}
NIGHT: dict[str, Any] = {
    "title": "Your street at night",
    "minutes": 1,
    "pages": [
        {"code": "night", "title": "At night", "questions": [SAFE]},
        {
            "code": "more",
            "title": "More",
            "questions": [
                {
                    "code": "why",
                    "kind": "long_text",
                    "label": "Why?",
                    "shown_if": {"question": "safe", "has": "no"},
                }
            ],
        },
    ],
}


def start(session: Session) -> None:
    drafts.start(
        session,
        actor=OFFICER,
        now=NOW,
        code="night",
        title="Your street at night",
        framework_id=None,
        definition=NIGHT,
    )
    session.commit()


def keep(session: Session, title: str, question: dict[str, Any] = SAFE) -> saved.Saved:
    return saved.save(session, actor=OFFICER, now=NOW, title=title, question=question)


def test_a_question_is_kept_word_for_word_and_without_its_condition(session: Session) -> None:
    kept = keep(session, " Safe   after dark ", SAFE)
    asked_on_condition = keep(session, "Why", NIGHT["pages"][1]["questions"][0])
    assert (kept.title, kept.definition) == ("Safe after dark", SAFE)
    assert "shown_if" not in asked_on_condition.definition
    assert [each.title for each in saved.list_saved(session)] == ["Safe after dark", "Why"]


@pytest.mark.parametrize("title", ["", "  ", "x" * 201, "Taken"])
def test_a_title_that_finds_nothing_is_refused_beside_it(session: Session, title: str) -> None:
    keep(session, "Taken")
    with pytest.raises(Refused) as refusal:
        keep(session, title)
    assert refusal.value.field == "title"


def test_a_question_whose_code_is_taken_gets_a_new_one(session: Session) -> None:
    changed, code = saved.placed(NIGHT, "more", SAFE)
    assert code == "safe_2"
    assert [question.code for question in parse(changed).questions] == ["safe", "why", "safe_2"]
    assert len(NIGHT["pages"][1]["questions"]) == 1
    again, code = saved.placed(changed, "night", SAFE)
    assert code == "safe_3"
    assert saved.placed(NIGHT, "more", SAFE | {"code": "other"})[1] == "other"
    assert parse(again)


def test_there_is_no_adding_to_a_page_that_is_not_there(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        saved.placed(NIGHT, "nothing", SAFE)
    assert refusal.value.field == "page"


def test_an_officer_saves_a_question_finds_it_asks_it_again_and_takes_it_out(
    session: Session, officer_client: PageClient
) -> None:
    start(session)
    page = officer_client.post_page(
        f"{ROOM}/night/save-question", {"question": "safe", "title": "Safe after dark"}
    )
    assert "“Safe after dark” is in the bank." in page.text
    row = officer_client.get_page(f"{ROOM}/bank").find("tbody")
    assert "Do you feel safe after dark?" in text_of(row)
    page = officer_client.get_page(f"{ROOM}/night/from-bank")
    saved_id = page.find("input", name="saved_id").get("value")
    page = officer_client.submit(page, {"saved_id": saved_id, "page": "more"})
    assert "under the code safe_2" in page.text
    codes = [question.code for question in parse(drafts.get_draft(session, "night").definition).questions]
    assert codes == ["safe", "why", "safe_2"]
    officer_client.submit(officer_client.get_page(f"{ROOM}/bank/{saved_id}/remove"))
    assert "It is empty." in officer_client.get_page(f"{ROOM}/bank").main
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [action for action in actions if action.startswith("question.")] == [
        "question.saved",
        "question.removed",
    ]


def test_a_draft_that_changed_meanwhile_is_not_added_to(session: Session, officer_client: PageClient) -> None:
    start(session)
    kept = keep(session, "Safe after dark")
    session.commit()
    page = officer_client.get_page(f"{ROOM}/night/from-bank")
    drafts.change(session, actor=OFFICER, now=NOW, code="night", revision=1, privacy_notice="New.")
    session.commit()
    refused = officer_client.submit(page, {"saved_id": str(kept.id), "page": "more"}, status=422)
    assert "Somebody changed this questionnaire" in refused.main
    assert drafts.get_draft(session, "night").revision == 2
    officer_client.submit(refused, {"saved_id": str(kept.id), "page": "more"})
    assert drafts.get_draft(session, "night").revision == 3


def test_nothing_is_saved_or_added_that_was_not_offered(session: Session, officer_client: PageClient) -> None:
    start(session)
    officer_client.post_page(f"{ROOM}/night/save-question", {"question": "none", "title": "x"}, status=422)
    officer_client.post_page(
        f"{ROOM}/night/from-bank", {"saved_id": "999", "page": "more", "revision": "1"}, status=422
    )
    officer_client.get_page(f"{ROOM}/nothing/save-question", status=404)
    officer_client.get_page(f"{ROOM}/bank/999/remove", status=404)
