"""Words and days as pages say them, without a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from engage.foundations.language import init_language


@pytest.fixture
def in_english() -> Iterator[None]:
    app = Flask("words")
    init_language(app)
    with app.app_context():
        yield
