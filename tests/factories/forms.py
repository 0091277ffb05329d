"""Forms of several pages whose pages depend on answers, given out, and how they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.questionnaires.service import get_or_add_questionnaire, publish
from engage.responses.models import Draft, ResponseRevision
from tests.factories.responses import OPENED, Exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

YES_NO = [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]
NOTICE = "What you write is kept without your name."


def choice(code: str, label: str, **more: Any) -> dict[str, Any]:
    """Return a question that is answered with yes or no."""
    return {"code": code, "kind": "one_choice", "label": label, "options": YES_NO} | more


def text(code: str, label: str, **more: Any) -> dict[str, Any]:
    """Return a question that is answered in one's own words."""
    return {"code": code, "kind": "long_text", "label": label} | more


def page(code: str, title: str, *questions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a page."""
    return {"code": code, "title": title, "questions": list(questions)} | more


def said(question: str, mark: str = "yes") -> dict[str, Any]:
    """Return the condition that this was chosen."""
    return {"question": question, "has": mark}


# Who has not seen a police officer is asked nothing of it; who does not live in London is thanked and let go.
ROUTED: dict[str, Any] = {
    "title": "Police near you",
    "intro": "",
    "minutes": 3,
    "pages": [
        page("living", "Do you live in London?", choice("lives", "Do you live in London?")),
        page("thanks", "Thank you", shown_if=said("lives", "no"), exit=True, intro="We ask Londoners only."),
        page(
            "seeing",
            "Seeing the police",
            choice("seen", "Did you see a police officer this week?"),
            text("where", "Where do you live?", required=False, limit=200),
        ),
        page(
            "meeting",
            "What happened",
            text("happened", "What happened?", limit=500),
            shown_if=said("seen"),
        ),
        page(
            "wishes",
            "What you wish for",
            text("more", "What should they have done?", shown_if=said("seen"), required=False),
            text("wish", "What do you wish for?"),
        ),
    ],
}


def add_form(
    session: Session, exercise: Exercise, definition: Mapping[str, Any] = ROUTED, code: str = "routed"
) -> str:
    """Give the exercise one more instrument, committed, and return the address of its form."""
    give_out(session, exercise.consultation, definition, code, position=len(exercise.instruments) + 1)
    return f"{exercise.path}/{code}"


def give_out(
    session: Session,
    consultation: Consultation,
    definition: Mapping[str, Any] = ROUTED,
    code: str = "routed",
    *,
    position: int,
) -> None:
    """Give a consultation one more instrument, committed."""
    questionnaire = get_or_add_questionnaire(session, code=code, title=definition["title"], framework_id=None)
    version = publish(
        session,
        actor="Test",
        now=OPENED,
        questionnaire=questionnaire,
        definition=definition,
        privacy_notice=NOTICE,
    )
    session.add(
        Instrument(
            consultation_id=consultation.id,
            code=code,
            title=f"The {code} form",
            summary="",
            position=position,
            version_id=version.id,
        )
    )
    session.commit()


LIVES, SEEN, NOT_SEEN = {"lives": "yes"}, {"seen": "yes"}, {"seen": "no"}
HAPPENED = {"happened": "They said hello."}
WISH = {"wish": "More of it."}


def sends(client: PageClient, page: Page, status: int = 200, **fields: Any) -> Page:
    """Send the form on a page, as a browser would, to the address it names."""
    form = next(form for form in page.all("form") if form.get("method") == "post")
    values = {name: value for name, value in page.form_values().items() if name != "go"}
    return client.post_page(form.get("action") or page.url, values | fields, status=status)


def writes(client: PageClient, path: str, *pages: dict[str, Any]) -> Page:
    """Go through a form from its first page, with the fields of each page in turn."""
    shown = client.get_page(path)
    for fields in pages:
        shown = sends(client, shown, **fields)
    return shown


def keeping_no_cookie(app: Flask) -> PageClient:
    """Return a browser that keeps no cookie."""
    client = app.test_client(use_cookies=False)
    assert isinstance(client, PageClient)
    # The token against forged requests would need a cookie; nobody asks for one here.
    client.forges = True
    return client


def stored(session: Session) -> list[dict[str, Any] | None]:
    """Return the answers of every revision as they are stored now, in the order they came."""
    session.rollback()
    return list(session.scalars(select(ResponseRevision.answers).order_by(ResponseRevision.id)))


def drafts(session: Session) -> int:
    """Return how many drafts there are now."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Draft)) or 0
