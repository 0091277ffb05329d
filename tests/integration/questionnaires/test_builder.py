"""Questionnaires, as officers build them in a browser without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.database import transaction
from engage.questionnaires import drafts
from engage.questionnaires.definitions import parse
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

NOW = datetime(2027, 5, 4, 9, 30, tzinfo=UTC)
LIST = "/officer/questionnaires/"
HERE = "/officer/questionnaires/noise"
DEFINITION: dict[str, Any] = {
    "title": "Noise",
    "intro": "",
    "minutes": 3,
    "pages": [
        {
            "code": "one",
            "title": "Where you are",
            "questions": [
                {
                    "code": "heard",
                    "kind": "one_choice",
                    "label": "Have you heard noise at night?",
                    "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
                },
                {"code": "nights", "kind": "number", "label": "On how many nights?", "required": False},
            ],
        },
        {
            "code": "two",
            "title": "What you heard",
            "questions": [{"code": "what", "kind": "long_text", "label": "What was it?"}],
        },
    ],
}


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def draft(session: Session) -> None:
    for code, title in (("noise", "Noise"), ("untouched", "Untouched")):
        with transaction(session):
            drafts.start(
                session,
                actor="Ada",
                now=NOW,
                code=code,
                title=title,
                framework_id=None,
                definition=DEFINITION,
            )


def definition(session: Session, code: str = "noise") -> dict[str, Any]:
    session.rollback()
    found = drafts.get_draft(session, code).definition
    parse(found)
    return found


def questions(session: Session) -> list[dict[str, Any]]:
    return [question for page in definition(session)["pages"] for question in page.get("questions", [])]


def revision(session: Session) -> str:
    session.rollback()
    return str(drafts.get_draft(session, "noise").revision)


def publish(session: Session) -> None:
    with transaction(session):
        drafts.publish_draft(
            session, actor="Ada", now=NOW, code="noise", revision=int(revision(session)), note=""
        )


def fill(client: PageClient, url: str, status: int = 200, **typed: Any) -> Page:
    """Fetch a form, type into it, and send it."""
    return client.submit(client.get_page(url), typed, status=status)


@pytest.mark.usefixtures("draft")
class TestTheList:
    def test_says_what_is_published_and_what_is_written(
        self, session: Session, officer_client: PageClient
    ) -> None:
        publish(session)
        page = officer_client.get_page(LIST)
        assert "Noise Version 1, 4 May 2027 None Copy Noise" in page.main
        assert "Untouched Not yet Draft Ada, 4 May 2027" in page.main
