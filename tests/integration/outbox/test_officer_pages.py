"""The outbox as officers read it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.outbox.models import OutboxMessage
from tests.factories.outbox import NOW, make_mailing, promise_to, reread
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]


def promised(session: Session, *recipients: str) -> list[int]:
    with transaction(session):
        return promise_to(session, *recipients)


def given_up(session: Session, id: int) -> None:
    with transaction(session):
        message = session.get_one(OutboxMessage, id)
        message.state, message.attempts, message.last_error = JobState.DEAD, 14, "550 No such <b>mailbox</b>"
        session.flush()


def test_every_message_is_listed_with_its_recipient_and_state(
    session: Session, officer_client: PageClient
) -> None:
    _, dead = promised(session, "ada@example.org", "bob@example.org")
    given_up(session, dead)
    text = officer_client.get_page("/officer/outbox/").text
    for expected in (
        "ada@example.org",
        "What came of it, ada",
        "Waiting",
        "Given up",
        "550 No such <b>mailbox",
    ):
        assert expected in text


def test_the_list_can_be_narrowed_to_one_state(session: Session, officer_client: PageClient) -> None:
    _, dead = promised(session, "ada@example.org", "bob@example.org")
    given_up(session, dead)
    text = officer_client.get_page("/officer/outbox/?state=dead").text
    assert "bob@example.org" in text
    assert "ada@example.org" not in text


def test_a_long_list_is_paged_in_a_fixed_number_of_queries(
    session: Session, officer_client: PageClient, query_count: Counting
) -> None:
    promised(session, "first@example.org")
    with query_count() as few:
        officer_client.get_page("/officer/outbox/")
    with transaction(session):
        mailing = make_mailing(session, key="result:2")
        promise_to(session, *(f"n{number}@example.org" for number in range(60)), mailing=mailing)
    with query_count() as many:
        page = officer_client.get_page("/officer/outbox/")
    assert len(many) == len(few)
    assert "n59@example.org" in page.text
    assert "first@example.org" not in page.text
    assert "first@example.org" in officer_client.get_page("/officer/outbox/?page=2").text


def test_a_message_is_shown_as_it_leaves_and_its_html_as_text(
    session: Session, officer_client: PageClient
) -> None:
    [id] = promised(session, "ada@example.org")
    text = officer_client.get_page(f"/officer/outbox/{id}").text
    for expected in ("ada@example.org", "@localhost>", "Dear ada,", "<p>Dear ada,</p>", "auto-generated"):
        assert expected in text
    assert reread(session, id).state is JobState.QUEUED


def test_a_message_that_was_given_up_can_be_queued_again(
    session: Session, officer_client: PageClient
) -> None:
    [id] = promised(session, "ada@example.org")
    given_up(session, id)
    page = officer_client.get_page(f"/officer/outbox/{id}")
    officer_client.submit(page)
    message = reread(session, id)
    assert (message.state, message.attempts) == (JobState.QUEUED, 0)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "message.queued_again")).one()
    assert event.subject == f"message:{id}"
    assert "ada@" not in str(event.details)


def test_a_message_that_waits_cannot_be_queued_again(session: Session, officer_client: PageClient) -> None:
    [id] = promised(session, "ada@example.org")
    page = officer_client.post_page(f"/officer/outbox/{id}", status=422)
    assert "Only a message that was given up can be queued again." in page.text
    assert reread(session, id).not_before == NOW


def test_an_unknown_message_is_not_found(officer_client: PageClient) -> None:
    officer_client.get_page("/officer/outbox/999", status=404)
