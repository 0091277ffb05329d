"""A questionnaire with every kind of question and with conditions, for paper."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.models import Instrument
from engage.questionnaires.definitions import Definition, digest, parse
from engage.questionnaires.models import Questionnaire, QuestionnaireVersion
from engage.responses.models import Channel, PaperBatch, ResponseRevision
from engage.responses.paper import service
from tests.factories.responses import Exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

OFFICER = "Olive Officer <olive@example.test>"
SECOND = "Sam Second <sam@example.test>"
MADE = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
OPTIONS = [
    {"code": "bus", "label": "By bus"},
    {"code": "tube", "label": "By Underground", "hint": "Or by DLR"},
    {"code": "none", "label": "I do not travel"},
]
ROWS = [{"code": "safe", "label": "I feel safe"}, {"code": "light", "label": "It is well lit"}]
PRIORITIES = [{"code": code, "label": f"Priority {code}"} for code in ("asb", "burglary", "knives", "roads")]

EVERY_KIND: dict[str, Any] = {
    "title": "Streets and stations",
    "intro": "Tell us how you travel.",
    "minutes": 6,
    "pages": [
        {
            "code": "travel",
            "title": "About your journeys",
            "intro": "Think of the last month.",
            "questions": [
                {
                    "code": "facts",
                    "kind": "information",
                    "label": "The facts",
                    "text": "Two lines.\nOf facts.",
                },
                {
                    "code": "how",
                    "kind": "one_choice",
                    "label": "How do you mostly travel?",
                    "options": OPTIONS,
                },
                {
                    "code": "also",
                    "kind": "several_choices",
                    "label": "How else?",
                    "options": OPTIONS,
                    "at_most": 2,
                    "none_of": "none",
                    "required": False,
                },
            ],
        },
        {
            "code": "leave",
            "title": "Thank you",
            "intro": "This is for people who travel.",
            "exit": True,
            "shown_if": {"question": "how", "has": "none"},
        },
        {
            "code": "views",
            "title": "What you think",
            "questions": [
                {
                    "code": "first",
                    "kind": "priorities_list",
                    "label": "What comes first?",
                    "options": PRIORITIES,
                    "at_most": 3,
                },
                {
                    "code": "words",
                    "kind": "priorities_own_words",
                    "label": "In your own words",
                    "at_most": 2,
                    "required": False,
                },
                {
                    "code": "wait",
                    "kind": "scale",
                    "label": "How long do you wait?",
                    "low": 1,
                    "high": 5,
                    "low_label": "not at all",
                    "high_label": "very long",
                    "shown_if": {"question": "how", "has": "bus"},
                },
                {
                    "code": "stops",
                    "kind": "matrix",
                    "label": "At your stop",
                    "rows": ROWS,
                    "options": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}],
                    "required": False,
                },
                {
                    "code": "agree",
                    "kind": "statements",
                    "label": "Do you agree?",
                    "rows": ROWS,
                    "required": False,
                },
                {"code": "line", "kind": "short_text", "label": "Which line?", "required": False},
                {"code": "more", "kind": "long_text", "label": "Anything else?", "required": False},
                {
                    "code": "trips",
                    "kind": "number",
                    "label": "How many trips?",
                    "least": 0,
                    "required": False,
                },
                {"code": "since", "kind": "date", "label": "Since when?", "required": False},
                {
                    "code": "area",
                    "kind": "area",
                    "label": "Where do you live?",
                    "options": [
                        {"code": "E09000003", "label": "Barnet"},
                        {"code": "E09000007", "label": "Camden"},
                        {"code": "undisclosed", "label": "Prefer not to say"},
                    ],
                },
                {
                    "code": "age",
                    "kind": "age_band",
                    "label": "How old are you?",
                    "options": [
                        {"code": "16-24", "label": "16 to 24"},
                        {"code": "25", "label": "25 or older"},
                    ],
                    "required": False,
                },
                {
                    "code": "club",
                    "kind": "organisation",
                    "label": "Your organisation",
                    "name_label": "Its name",
                    "speaks_for_label": "How many it speaks for",
                    "agreed_label": "How it was agreed",
                    "required": False,
                },
            ],
        },
    ],
}
ROOM = "/officer/consultations/priorities/paper"
_numbers = itertools.count(1)
TYPED = {"how": ["bus"], "first": ["asb", "roads"], "wait": ["4"], "area": ["E09000007"]}


def every_kind() -> Definition:
    """Return the questionnaire with every kind of question."""
    return parse(EVERY_KIND)


def make_paper_version(session: Session, definition: dict[str, Any] | None = None) -> QuestionnaireVersion:
    """Return a stored and published version, of the questionnaire with every kind unless told otherwise."""
    written = definition or EVERY_KIND
    questionnaire = Questionnaire(code=f"streets-{next(_numbers)}", title="Streets", framework_id=None)
    session.add(questionnaire)
    session.flush()
    version = QuestionnaireVersion(
        questionnaire_id=questionnaire.id,
        number=1,
        definition=written,
        privacy_notice="We do not ask who you are.",
        digest=digest(written),
        published_at=MADE,
    )
    session.add(version)
    session.flush()
    return version


def make_batch(
    session: Session, exercise: Exercise, *, instrument: str = "full", **overrides: Any
) -> PaperBatch:
    """Return a stored and committed batch of ten forms; its instrument gives out every kind of question."""
    chosen: Instrument = exercise.instruments[instrument]
    chosen.version_id = make_paper_version(session).id
    session.flush()
    values: dict[str, Any] = {
        "consultation_id": exercise.consultation.id,
        "instrument_id": chosen.id,
        "channel": Channel.PAPER,
        "title": "Libraries",
        "forms": 10,
        "group_id": None,
        "twice": False,
    }
    batch = service.make_batch(session, actor=OFFICER, now=MADE, **(values | overrides))
    session.commit()
    return batch


def answers(session: Session) -> list[dict[str, Any]]:
    """Return the answers of every revision stored, in order."""
    rows = session.execute(select(ResponseRevision.answers).order_by(ResponseRevision.id)).scalars()
    return [dict(row or {}) for row in rows]


def count(session: Session, what: Any) -> int:
    """Return how many rows there are of `what`."""
    session.rollback()
    return session.execute(select(func.count()).select_from(what)).scalar_one()


def type_form(
    client: PageClient, batch: PaperBatch, number: int, typed: dict[str, Any], *, status: int = 200
) -> Page:
    """Send a form as it is typed, and return the page that follows."""
    return client.post_page(f"{ROOM}/{batch.code}/{number}", typed, status=status)


def actions(session: Session) -> list[str]:
    """Return what the audit log says was done, in order."""
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
