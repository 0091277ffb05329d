"""The mail can be looked at before it leaves, and sent to oneself."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations.database import transaction
from engage.outbox.models import OutboxMessage
from tests.factories.feedback import make_decided, write
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def page(session: Session) -> str:
    """The address of the page of a mail that is written."""
    with transaction(session):
        made = make_decided(session)
        write(session, made)
        return f"/officer/consultations/{made.slug}/feedback/mail"


def test_the_mail_is_shown_as_text_and_as_html(officer_client: PageClient, page: str) -> None:
    shown = officer_client.get_page(page)
    assert "Knife crime" in shown.text
    whole = message_from_bytes(officer_client.get(f"{page}/as-sent").data, policy=SMTP)
    part = whole.get_body(("html",))
    assert part is not None
    sent = part.get_content()
    assert "Knife crime" in whole.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="en-GB">' in sent
    assert "<img" not in sent
    assert "/your-priorities" in sent
    assert "{{" not in sent


def test_a_test_goes_to_ones_own_address_once(
    officer_client: PageClient, page: str, session: Session
) -> None:
    for _ in range(2):
        assert officer_client.post(page).status_code == 303
    [message] = session.scalars(select(OutboxMessage)).all()
    assert "@" in message.recipient
    assert message.personal == {}
