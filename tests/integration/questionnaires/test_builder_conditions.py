"""When pages and questions are shown, as officers build it from rows."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from engage.foundations.database import transaction
from engage.questionnaires import drafts
from tests.factories.drafts import (
    DEFINITION,
    HERE,
    NOW,
    definition,
    fill,
    questions,
    revision,
)
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.usefixtures("at_that_time")


def test_a_question_is_shown_after_certain_answers(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    url = f"{HERE}/questions/what/conditions"
    fill(officer_client, url, **{"groups-0-rows-0-fact": "heard|=yes"})
    assert questions(session)[-1]["shown_if"] == {"question": "heard", "has": "yes"}
    typed = {
        "groups-0-rows-1-fact": "nights|at_least",
        "groups-0-rows-1-number": "3",
        "groups-0-join": "any",
        "groups-1-rows-0-fact": "nights|answered",
        "groups-1-rows-0-holds": "no",
    }
    page = fill(officer_client, url, **typed)
    assert questions(session)[-1]["shown_if"] == {
        "all": [
            {"any": [{"question": "heard", "has": "yes"}, {"question": "nights", "at_least": 3}]},
            {"not": {"question": "nights", "answered": True}},
        ]
    }
    assert "Shown only if" in page.main
    page = officer_client.get_page(url)
    before = questions(session)[-1]["shown_if"]
    officer_client.submit(page)
    assert questions(session)[-1]["shown_if"] == before
    empty = {name: "" for name in page.form_values() if name.endswith(("-fact", "-number"))}
    officer_client.submit(page, empty | {"revision": revision(session)})
    assert "shown_if" not in questions(session)[-1]


def test_a_page_is_shown_after_certain_answers(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    fill(officer_client, f"{HERE}/pages/two/conditions", **{"groups-0-rows-0-fact": "heard|=yes"})
    assert definition(session)["pages"][1]["shown_if"] == {"question": "heard", "has": "yes"}
    page = officer_client.get_page(f"{HERE}/pages/one/conditions")
    assert "Nothing is asked on the pages before" in page.main


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"groups-0-rows-0-fact": "heard|=unheard"}, "cannot be given any more"),
        ({"groups-0-rows-0-fact": "what|answered"}, "cannot be given any more"),
        ({"groups-0-rows-0-fact": "nights|at_least"}, "Write the number beside the answer"),
        (
            {"groups-0-rows-0-fact": "nights|at_least", "groups-0-rows-0-number": "nan"},
            "Write the number beside the answer",
        ),
        ({"groups-0-rows-0-number": "3"}, "Choose the answer that the number is about."),
    ],
)
def test_a_condition_that_says_nothing_is_refused(
    session: Session, draft: None, officer_client: PageClient, typed: dict[str, str], sentence: str
) -> None:
    page = fill(officer_client, f"{HERE}/pages/two/conditions", status=422, **typed)
    assert sentence in page.main
    assert definition(session) == DEFINITION


def test_a_condition_too_deep_for_rows_stays_until_it_is_replaced(
    session: Session, draft: None, officer_client: PageClient
) -> None:
    leaf = {"question": "heard", "has": "yes"}
    deep = {"any": [{"all": [leaf, {"any": [leaf, {"not": {"all": [leaf, leaf]}}]}]}, leaf]}
    after = definition(session)
    after["pages"][1]["shown_if"] = deep
    with transaction(session):
        drafts.change(session, actor="Ada", now=NOW, code="noise", revision=1, definition=after)
    page = officer_client.get_page(f"{HERE}/pages/two/conditions")
    assert "nested deeper than can be built here" in page.main
    officer_client.submit(page)
    assert definition(session)["pages"][1]["shown_if"] == deep
    officer_client.submit(officer_client.get_page(f"{HERE}/pages/two/conditions"), {"always": "yes"})
    assert "shown_if" not in definition(session)["pages"][1]
    fill(officer_client, f"{HERE}/pages/two/conditions", **{"groups-0-rows-0-fact": "heard|=no"})
    assert definition(session)["pages"][1]["shown_if"] == {"question": "heard", "has": "no"}
