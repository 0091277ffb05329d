"""Unit tests are of pure decisions: one that opens a database is in the wrong folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event


@pytest.fixture(autouse=True)
def _no_database() -> Iterator[None]:
    def refuse(*arguments: object) -> None:
        pytest.fail("a unit test opened a database; it belongs under tests/integration")

    event.listen(Engine, "do_connect", refuse)
    yield
    event.remove(Engine, "do_connect", refuse)
