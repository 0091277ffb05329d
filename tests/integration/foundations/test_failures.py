"""What a person sees when a page cannot be shown."""

from __future__ import annotations

import pytest
from flask import Flask, abort
from sqlalchemy import select

from engage.audit.models import AuditEvent
from engage.foundations import failures
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages
from tests.fixtures.client import PageClient

pages = Pages("failing", __name__, admits=Audience.EVERYBODY)


@pages.get("/failing/<int:status>")
def refuse(status: int) -> str:
    abort(status)


@pages.get("/failing/missing")
def miss() -> str:
    db.session.execute(select(AuditEvent).where(AuditEvent.id == 0)).scalar_one()
    return ""


@pages.get("/failing/bug")
def bug() -> str:
    raise RuntimeError("a bug")


@pytest.fixture
def failing(app: Flask) -> PageClient:
    app.register_blueprint(pages)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.mark.parametrize("status", failures.PAGES)
def test_each_failure_is_a_page_in_plain_words(failing: PageClient, status: int) -> None:
    page = failing.get_page(f"/failing/{status}", status)
    assert page.h1
    assert str(status) not in page.main


def test_an_address_of_nothing_is_a_page(client: PageClient) -> None:
    assert client.get_page("/no-such-page", 404).h1 == "Page not found"


def test_a_row_that_is_not_there_is_a_page_not_found(failing: PageClient) -> None:
    assert failing.get_page("/failing/missing", 404).h1 == "Page not found"


def test_a_bug_is_owned_up_to_and_not_shown(failing: PageClient) -> None:
    page = failing.get_page("/failing/bug", 500)
    assert page.h1 == "Sorry, there is a problem"
    assert "RuntimeError" not in page.html


def test_a_405_names_the_methods_that_would_do(failing: PageClient) -> None:
    answer = failing.post("/failing/bug")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "address", ["/timetable/a%00b", "/timetable/?words=%00", "/boroughs/%00", "/timetable/?borough=a%00"]
)
def test_an_address_with_a_nul_in_it_leads_nowhere_on_either_database(
    client: PageClient, address: str
) -> None:
    client.get_page(address, 404)
