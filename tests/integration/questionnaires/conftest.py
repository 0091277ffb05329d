"""The drafts that builders write, and the moment at which they do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from engage.foundations import clock
from tests.factories.drafts import NOW, make_drafts


@pytest.fixture
def at_that_time() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def draft(session: Session) -> None:
    make_drafts(session)
