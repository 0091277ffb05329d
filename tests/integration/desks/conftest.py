"""Drawing a component on a page, without a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from flask import Flask, render_template_string

from engage import create_app
from engage.foundations.settings import read_settings
from tests.fixtures.page import Page, faults

Draw: TypeAlias = Callable[..., Page]


def bare_app(instance: Path, mode: str = "test") -> Flask:
    """Return an application whose database nobody opens."""
    return create_app(
        read_settings(
            {
                "ENGAGE_MODE": mode,
                "ENGAGE_SECRET_KEY": "x" * 40,
                "ENGAGE_INSTANCE": str(instance),
                "ENGAGE_DATABASE_URL": "sqlite://",
            }
        )
    )


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Return the checked page that holds what a template snippet draws: `draw("{{ ... }}", name=value)`."""
    app = bare_app(tmp_path)

    def drawn(snippet: str, address: str = "/about", **values: Any) -> Page:
        source = (
            '{% extends "layouts/page.html" %}{% block title %}Try{% endblock %}'
            "{% block main %}<h1>Try</h1>" + snippet + "{% endblock %}"
        )
        with app.test_request_context(address):
            page = Page(render_template_string(source, **values))
        assert faults(page) == []
        return page

    return drawn
