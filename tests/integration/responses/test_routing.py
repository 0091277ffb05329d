"""Pages that depend on answers: only what was asked is stored, whatever was typed and however it was sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories.forms import (
    HAPPENED,
    LIVES,
    NOT_SEEN,
    ROUTED,
    SEEN,
    WISH,
    add_form,
    drafts,
    page,
    sends,
    stored,
    text,
    writes,
)
from tests.factories.responses import CLOSES, Exercise
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]
JUST_BEFORE = CLOSES - timedelta(minutes=2)
IN_GRACE = CLOSES + timedelta(minutes=10)


pytestmark = pytest.mark.usefixtures("during")


def test_somebody_meets_only_the_pages_that_their_answers_lead_to(
    client: PageClient, session: Session, path: str
) -> None:
    page = writes(client, path, LIVES, NOT_SEEN)
    assert page.h1 == "What you wish for"
    assert "What should they have done?" not in page.text
    page = sends(client, page, **WISH)
    assert page.h1 == "Check your answers"
    assert "What happened" not in page.main
    sends(client, page)
    assert stored(session) == [
        {"lives": {"chosen": "yes"}, "seen": {"chosen": "no"}, "wish": {"text": "More of it."}}
    ]


def test_steps_are_counted_along_the_way_and_said_to_be_about_right(client: PageClient, path: str) -> None:
    assert "Step 1 of about 4" in client.get_page(path).text
    page = writes(client, path, LIVES, SEEN)
    assert "Step 3 of 5" in page.text
    assert "Step 4 of 5" in sends(client, page, **HAPPENED).text


def test_an_answer_that_a_later_change_hides_is_not_stored(
    client: PageClient, session: Session, path: str
) -> None:
    page = writes(client, path, LIVES, SEEN, HAPPENED, WISH | {"more": "Stayed longer."})
    assert "They said hello." in page.text
    page = sends(client, client.get_page(f"{path}/seeing?return=1"), **NOT_SEEN)
    assert page.h1 == "Check your answers"
    assert "They said hello." not in page.text
    sends(client, page)
    answers = stored(session)[0]
    assert answers is not None
    assert answers.keys() == {"lives", "seen", "wish"}


def test_changing_the_answer_back_brings_what_was_typed_back(client: PageClient, path: str) -> None:
    writes(client, path, LIVES, SEEN, HAPPENED, WISH)
    sends(client, client.get_page(f"{path}/seeing?return=1"), **NOT_SEEN)
    page = sends(client, client.get_page(f"{path}/seeing?return=1"), **SEEN)
    assert page.h1 == "Check your answers"
    assert "They said hello." in page.text


def test_a_change_that_opens_a_page_leads_there_first_and_then_back_to_checking(
    client: PageClient, path: str
) -> None:
    writes(client, path, LIVES, NOT_SEEN, WISH)
    page = sends(client, client.get_page(f"{path}/seeing?return=1"), **SEEN)
    assert page.h1 == "What happened"
    page = sends(client, page, **HAPPENED)
    assert page.h1 == "Check your answers"
    assert "They said hello." in page.text


def test_nothing_can_be_sent_while_a_page_that_was_opened_is_unanswered(
    client: PageClient, session: Session, path: str
) -> None:
    check = writes(client, path, LIVES, NOT_SEEN, WISH)
    sends(client, client.get_page(f"{path}/seeing?return=1"), **SEEN)
    assert sends(client, check).h1 == "What happened"
    assert stored(session) == []


@pytest.mark.parametrize("hidden", ["meeting", "wishes"])
def test_answers_posted_to_what_is_hidden_are_not_stored(
    client: PageClient, session: Session, path: str, hidden: str
) -> None:
    check = writes(client, path, LIVES, NOT_SEEN, WISH)
    ticket = check.form_values()["ticket"]
    crafted = {"ticket": ticket, "happened": "Crafted.", "more": "Crafted.", **WISH}
    client.post_page(f"{path}/{hidden}", crafted)
    sends(client, client.get_page(f"{path}/check"))
    answers = stored(session)[0]
    assert answers is not None
    assert answers.keys() == {"lives", "seen", "wish"}


def test_an_answer_posted_with_another_page_is_not_taken(
    client: PageClient, session: Session, path: str
) -> None:
    page = writes(client, path, LIVES)
    sends(client, page, **NOT_SEEN, wish="From the wrong page.", happened="Crafted.")
    assert client.get_page(f"{path}/wishes").form_values()["wish"].strip() == ""


def test_an_exit_page_ends_kindly_and_keeps_nothing(client: PageClient, session: Session, path: str) -> None:
    page = writes(client, path, {"lives": "no"})
    assert page.h1 == "Thank you"
    assert "We ask Londoners only." in page.text
    assert drafts(session) == 0
    assert client.get_page(path).h1 == "Do you live in London?"
    assert "checked" not in client.get_page(path).html.partition("</form>")[0]
    assert stored(session) == []


def test_an_exit_reached_by_a_change_ends_the_form_too(
    client: PageClient, session: Session, path: str
) -> None:
    check = writes(client, path, LIVES, NOT_SEEN, WISH)
    page = sends(client, client.get_page(f"{path}/living?return=1"), lives="no")
    assert page.h1 == "Thank you"
    assert drafts(session) == 0
    assert sends(client, check).h1 == "Do you live in London?"
    assert stored(session) == []


def test_nobody_jumps_over_a_page_by_its_address(client: PageClient, path: str) -> None:
    assert client.get_page(f"{path}/wishes").h1 == "Do you live in London?"
    writes(client, path, LIVES)
    assert client.get_page(f"{path}/wishes").h1 == "Seeing the police"
    assert client.get_page(f"{path}/check").h1 == "Seeing the police"
    client.get_page(f"{path}/elsewhere", status=404)


def test_a_page_of_a_long_form_costs_three_queries_at_most(
    client: PageClient, session: Session, path: str, query_count: Counting
) -> None:
    page = writes(client, path, LIVES)
    for address in (path, f"{path}/seeing"):
        session.rollback()
        with query_count() as statements:
            client.get(address)
        assert len(statements) <= 3, statements
    session.rollback()
    with query_count() as statements:
        client.post(f"{path}/seeing", data=page.form_values() | NOT_SEEN)
    assert len(statements) <= 3, statements


def test_thirty_pages_cost_no_more_queries_than_two(
    client: PageClient, session: Session, exercise: Exercise, query_count: Counting
) -> None:
    long = ROUTED | {
        "pages": [
            page(f"page_{n}", f"Page {n}", text(f"answer_{n}", "Well?", required=False)) for n in range(30)
        ]
    }
    path = add_form(session, exercise, long, code="long")
    writes(client, path, *({f"answer_{n}": "So."} for n in range(29)))
    session.rollback()
    with query_count() as statements:
        client.get(f"{path}/page_29")
    assert len(statements) <= 3, statements


def test_a_page_of_facts_only_is_passed_and_not_among_the_answers(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    facts = {"code": "facts", "kind": "information", "label": "Facts", "text": "They are many."}
    pages = [page("known", "What is known", facts), page("said", "What you say", text("say", "Well?"))]
    path = add_form(session, exercise, ROUTED | {"pages": pages}, code="facts")
    shown = client.get_page(path)
    assert "They are many." in shown.text
    shown = sends(client, sends(client, shown), say="So.")
    assert shown.h1 == "Check your answers"
    assert "What is known" not in shown.main
    sends(client, shown)
    assert stored(session) == [{"say": {"text": "So."}}]
