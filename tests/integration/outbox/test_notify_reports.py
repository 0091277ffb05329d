"""GOV.UK Notify tells what became of each message, and is believed by its token alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.outbox import service
from engage.outbox.models import BouncedAddress, OutboxMessage
from tests.factories.notify import TOKEN, NotifyHost, notify_host, told
from tests.factories.outbox import NOW, promise_to, reread
from tests.fixtures.client import PageClient

ADDRESS = "/notify/delivery"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(app: Flask) -> Flask:
    account = NotifyHost(lambda message: None).account(url="https://notify.example", callback_token=TOKEN)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], notify=account)
    return app


@pytest.fixture
def client(client: PageClient) -> PageClient:
    """Notify, which sends no token of a form."""
    client.forges = True
    return client


def post(client: PageClient, payload: object, token: str = TOKEN) -> TestResponse:
    with clock.stopped_at(NOW):
        return client.post(ADDRESS, json=payload, headers={"Authorization": f"Bearer {token}"})


def left(session: Session, *recipients: str) -> list[OutboxMessage]:
    """Promise a message to each, and let it have left."""
    with transaction(session):
        ids = promise_to(session, *recipients)
        for id in ids:
            message = session.get_one(OutboxMessage, id)
            message.state, message.attempts, message.done_at = JobState.DONE, 1, NOW
        session.flush()
    return [reread(session, id) for id in ids]


def report(client: PageClient, session: Session, message: OutboxMessage, *statuses: str) -> OutboxMessage:
    """Report these of a message, one after the other; return it as it then is."""
    reference, id = message.message_id, message.id
    for status in statuses:
        assert post(client, told(reference, status)).status_code == 204
    return reread(session, id)


def closed(session: Session) -> list[str]:
    return list(session.scalars(select(BouncedAddress.address).order_by(BouncedAddress.address)))


def test_what_was_delivered_is_written_down_once(client: PageClient, session: Session) -> None:
    message, other = left(session, "ada@example.org", "ben@example.org")
    other_id = other.id
    found = report(client, session, message, "delivered", "delivered")
    assert (found.delivered_at, found.bounced_at, found.state) == (NOW, None, JobState.DONE)
    with clock.stopped_at(NOW.replace(hour=20)):
        client.post(
            ADDRESS,
            json=told(found.message_id, "delivered"),
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
    assert reread(session, found.id).delivered_at == NOW
    assert reread(session, other_id).delivered_at is None


def test_a_permanent_failure_closes_the_address_even_after_it_was_delivered(
    client: PageClient, session: Session
) -> None:
    message, other = left(session, "Ada@example.org", "ben@example.org")
    found = report(client, session, message, "delivered", "permanent-failure", "permanent-failure")
    assert (found.bounced_at, found.bounce_status) == (NOW, "5.1.1")
    assert "permanent failure" in (found.bounce_reason or "")
    assert closed(session) == ["ada@example.org"]
    assert report(client, session, other, "sending", "created").bounced_at is None


@pytest.mark.parametrize(("status", "code"), [("temporary-failure", "4.4.7"), ("technical-failure", "4.3.0")])
def test_other_failures_came_back_and_close_nothing(
    client: PageClient, session: Session, status: str, code: str
) -> None:
    [message] = left(session, "ada@example.org")
    found = report(client, session, message, status, status)
    assert (found.bounced_at, found.bounce_status) == (NOW, code)
    assert closed(session) == []


@one_database
@pytest.mark.parametrize(
    ("statuses", "delivered", "code"),
    [
        (("temporary-failure", "delivered"), True, None),
        (("delivered", "temporary-failure"), True, None),
        (("temporary-failure", "permanent-failure"), False, "5.1.1"),
        (("permanent-failure", "temporary-failure"), False, "5.1.1"),
        (("permanent-failure", "delivered"), False, "5.1.1"),
        (("a-new-word",), False, None),
    ],
)
def test_what_is_said_for_good_stays(
    client: PageClient, session: Session, statuses: tuple[str, ...], delivered: bool, code: str | None
) -> None:
    [message] = left(session, "ada@example.org")
    found = report(client, session, message, *statuses)
    assert (found.delivered_at is not None, found.bounce_status) == (delivered, code)


@one_database
@pytest.mark.parametrize(
    "payload",
    [
        told("<unknown@example.org>", "delivered"),
        {"reference": None, "status": "delivered"},
        {},
        [],
        "text",
        None,
    ],
)
def test_what_is_about_nothing_of_ours_is_taken_and_left(
    client: PageClient, session: Session, payload: object
) -> None:
    [message] = left(session, "ada@example.org")
    assert post(client, payload).status_code == 204
    assert reread(session, message.id).delivered_at is None


@one_database
def test_a_report_about_a_message_that_forgot_its_address_closes_none(
    client: PageClient, session: Session
) -> None:
    [message] = left(session, "ada@example.org")
    with transaction(session):
        service.forget_recipients(session, before=NOW.replace(hour=23))
    assert report(client, session, message, "permanent-failure").bounce_status == "5.1.1"
    assert closed(session) == []


@one_database
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_without_the_token_nothing_is_believed(
    client: PageClient, session: Session, header: str | None
) -> None:
    [message] = left(session, "ada@example.org")
    headers = {} if header is None else {"Authorization": header}
    answer = client.post(ADDRESS, json=told(message.message_id, "delivered"), headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "Set-Cookie" not in answer.headers
    assert reread(session, message.id).delivered_at is None


@one_database
def test_with_the_token_no_session_is_begun(client: PageClient) -> None:
    assert "Set-Cookie" not in post(client, told("<x@y>", "delivered")).headers


@one_database
def test_without_a_token_of_ours_there_is_no_such_page(app: Flask, client: PageClient) -> None:
    settings = app.config["SETTINGS"]
    for notify in (replace(settings.notify, callback_token=None), None):
        app.config["SETTINGS"] = replace(settings, notify=notify)
        assert post(client, told("<x@y>", "delivered")).status_code == 404


@one_database
def test_officers_read_which_way_mail_leaves(
    app: Flask, session: Session, officer_client: PageClient
) -> None:
    [message] = left(session, "ada@example.org")
    with transaction(session):
        session.get_one(OutboxMessage, message.id).delivered_at = NOW
    listed = officer_client.get_page("/officer/outbox/").text
    assert "GOV.UK Notify (notify.example)" in listed
    assert "what was delivered and what came back" in listed
    shown = officer_client.get_page(f"/officer/outbox/{message.id}").text
    assert "Delivered on 22 November 2026" in shown
    assert "no HTML of ours" in shown
    assert "Auto-Submitted" not in shown
    settings = app.config["SETTINGS"]
    for changed, words in (
        ({"notify": None}, "kept as files"),
        ({"notify": None, "smtp_url": "smtp://u:pa55word@mail.example:25"}, "mail server mail.example"),
        ({"notify": replace(settings.notify, callback_token=None)}, "no token is set"),
    ):
        app.config["SETTINGS"] = replace(settings, **changed)
        text = officer_client.get_page("/officer/outbox/").text
        assert words in text
        assert "pa55word" not in text


@one_database
def test_check_mail_asks_notify_about_key_and_template(app: Flask) -> None:
    settings = replace(app.config["SETTINGS"], base_url="https://engage.example")

    def check(**account: object) -> tuple[int, str]:
        app.config["SETTINGS"] = replace(settings, notify=host.account(callback_token=TOKEN, **account))
        said = app.test_cli_runner().invoke(args=["check-mail"])
        return said.exit_code, said.output

    with notify_host() as host:
        code, words = check()
        assert code == 0, words
        assert words.startswith("Mail leaves by GOV.UK Notify (127.0.0.1:")
        assert words.count("good") == 3
        host.template["body"] = "Dear ((name)),"
        code, words = check()
        assert (code, "missing  template: Its subject must be ((subject))" in words) == (1, True)
        code, words = check(api_key="x-" + "0" * 8 + "-0000-0000-0000-" + "0" * 12 + f"-{TOKEN:0<36}"[:37])
        assert (code, "API key not found" in words) == (1, True)
    code, words = check()
    assert (code, "did not answer" in words) == (1, True)


@one_database
def test_check_mail_wants_a_domain_where_it_is_ours(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], notify=None)
    said = app.test_cli_runner().invoke(args=["check-mail"])
    assert said.exit_code == 2
    assert "mail is kept as files" in said.output
