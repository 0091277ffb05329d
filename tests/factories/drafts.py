"""A questionnaire about noise that two officers write, and one beside it that nobody touches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

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


def make_drafts(session: Session) -> None:
    """Store the drafts `noise` and `untouched`, both as in `DEFINITION`."""
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


def fill(client: PageClient, url: str, **typed: Any) -> Page:
    """Fetch a form, type into it, and send it."""
    status = typed.pop("status", 200)
    return client.submit(client.get_page(url), typed, status=status)
