"""Consultations for tests, with a framework and a published questionnaire of their own."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.consultations import service
from engage.consultations.models import Consultation
from engage.consultations.rules import GRACE, LIFE, State, has_reached
from engage.questionnaires.models import PriorityFramework, Questionnaire, QuestionnaireVersion
from tests.factories.timetable import BEFORE, DURING, make_entry

OFFICER = "Test officer <officer@example.test>"
_numbers = count(1)


def make_framework(session: Session, **overrides: Any) -> PriorityFramework:
    """Return a stored priority framework without priorities."""
    values = {"code": f"framework-{next(_numbers)}", "title": "Priorities of 2028", "plan_year": 2028}
    framework = PriorityFramework(**(values | overrides))
    session.add(framework)
    session.flush()
    return framework


def make_version(session: Session, *, published_at: datetime | None = BEFORE) -> QuestionnaireVersion:
    """Return a stored first version of a new questionnaire, published unless told otherwise."""
    number = next(_numbers)
    questionnaire = Questionnaire(code=f"questionnaire-{number}", title="The full form", framework_id=None)
    session.add(questionnaire)
    session.flush()
    version = QuestionnaireVersion(
        questionnaire_id=questionnaire.id,
        number=1,
        definition={"pages": []},
        privacy_notice="What you write is kept without your name.",
        digest="0" * 64,
        published_at=published_at,
    )
    session.add(version)
    session.flush()
    return version


def make_consultation(
    session: Session, state: State = State.PLANNED, *, instruments: int = 1, **entry: Any
) -> Consultation:
    """Return a consultation that has lived through every state up to `state`, through the service."""
    made = service.create(
        session,
        actor=OFFICER,
        now=BEFORE,
        entry_id=make_entry(session, **entry).id,
        framework_id=make_framework(session).id,
    )
    for number in range(1, instruments + 1):
        add_instrument(session, made, code=f"form-{number}")
    for reached in LIFE[1 : LIFE.index(state) + 1]:
        now = DURING + GRACE if has_reached(reached, State.ANALYSED) else DURING
        MOVES[reached](session, actor=OFFICER, now=now, consultation_id=made.id)
    return made


def add_instrument(session: Session, consultation: Consultation, **overrides: Any) -> None:
    """Give the consultation one more instrument."""
    values: dict[str, Any] = {
        "code": "full",
        "title": "The full form",
        "summary": "Ten minutes.",
        "position": None,
        "version_id": None,
    }
    values |= overrides
    values["version_id"] = values["version_id"] or make_version(session).id
    service.add_instrument(session, actor=OFFICER, now=BEFORE, consultation_id=consultation.id, **values)


MOVES = {
    State.ANNOUNCED: service.announce,
    State.OPEN: service.open_consultation,
    State.CLOSED: service.close,
    State.ANALYSED: service.mark_analysed,
    State.DECIDED: service.mark_decided,
    State.FED_BACK: service.mark_fed_back,
}
