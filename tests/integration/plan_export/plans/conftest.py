from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engage.analysis.queries import evidence_folder
from engage.foundations.settings import Settings
from engage.people.rules import Role
from tests.factories.plans import make_decided
from tests.factories.responses import Exercise
from tests.fixtures.people import add_person


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where the evidence lies."""
    return evidence_folder(settings)


@pytest.fixture
def person_id(session: Session) -> int:
    """Whoever recorded the decisions."""
    return add_person(session, Role.ANALYST).id


@pytest.fixture
def decided(session: Session, folder: Path, person_id: int) -> Exercise:
    """A consultation for the plan of 2028 that has been decided."""
    return make_decided(session, folder, person_id)
