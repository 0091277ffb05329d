"""An analysed consultation whose figures can be decided on."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from engage.analysis import service as analysis
from engage.analysis.queries import evidence_folder
from engage.consultations.rules import State
from engage.foundations.settings import Settings
from engage.responses.models import RevisionKind
from tests.factories.analysis import make_response, revise
from tests.factories.responses import AFTER, Exercise, make_exercise

# The first two must be decided; nobody may tell how many named the third.
NAMED = {"burglary": 12, "fraud": 11, "hate_crime": 2}


@pytest.fixture
def analysed(session: Session, settings: Settings) -> Exercise:
    """A consultation of 25 answers that is analysed; six say how old they are."""
    exercise = make_exercise(session, state=State.CLOSED)
    turn = 0
    for code, times in NAMED.items():
        for _ in range(times):
            response = make_response(session, exercise, chosen=(code,))
            if turn < 6:
                answers = {"area": {"area": "E09000007"}, "priorities": {"chosen": [code], "rotation": 3}}
                said = {"version": "2026-1", "answers": {"age_band": "16-24"}}
                revise(session, response, RevisionKind.EQUALITY, answers, said)
            turn += 1
    exercise.consultation.state = State.ANALYSED
    exercise.consultation.analysed_at = AFTER
    analysis.refresh(session, consultation=exercise.consultation, now=AFTER, folder=evidence_folder(settings))
    session.commit()
    return exercise
