"""An exercise that can be answered, a form of several pages in it, and a moment while it is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from engage.foundations import clock
from tests.factories.forms import add_form
from tests.factories.responses import DURING, Exercise, make_exercise


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture
def path(session: Session, exercise: Exercise) -> str:
    return add_form(session, exercise)


@pytest.fixture
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield
