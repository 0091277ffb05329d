"""Mail that comes back is known by the address it left with, and its address is left in peace."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.outbox import bounces, queries, service
from engage.outbox.bounces import read_bounce_address
from engage.outbox.models import BouncedAddress, OutboxMessage
from engage.outbox.rendering import read_sender
from engage.outbox.rules import Pace
from engage.outbox.sending import Batch, send_batch
from engage.outbox.transports import transport_for
from tests.factories.bounces import old_report, report
from tests.factories.outbox import NOW, Sink, make_mailing, promise_to, reread, sink
from tests.fixtures.client import PageClient

SENDER = read_sender("Engage <engage@example.org>")
BOUNCES = read_bounce_address("bounces@mail.example")


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], bounce_address="bounces@mail.example")
    return app


def send(session: Session, server: Sink) -> Batch:
    with clock.stopped_at(NOW):
        transport = transport_for(server.url, Path("unused"))
        return send_batch(
            session,
            transport,
            sender=SENDER,
            pace=Pace(),
            stopping=lambda: False,
            returns_to=BOUNCES,
        )


def promised(session: Session, *recipients: str, key: str = "result:1") -> list[int]:
    with transaction(session):
        return promise_to(session, *recipients, mailing=make_mailing(session, key=key))


def left(session: Session) -> tuple[int, str]:
    """Send a message to Ann over a real connection; return its id and the address it left with."""
    [id] = promised(session, "ann@example.test")
    with sink() as server:
        send(session, server)
    return id, server.senders[0]


def pipe(app: Flask, data: bytes, *arguments: str) -> Result:
    """Hand a report to the command as a mail server's pipe does."""
    return app.test_cli_runner().invoke(args=["bounce", *arguments], input=data)


def test_each_message_leaves_with_a_return_address_of_its_own(session: Session) -> None:
    promised(session, "ann@example.test", "ben@example.test")
    with sink() as server:
        send(session, server)
    assert len(set(server.senders)) == 2
    assert all(s.startswith("bounces+") and s.endswith("@mail.example") for s in server.senders)
    assert server.accepted[0][1]["From"] == "Engage <engage@example.org>"


def test_what_comes_back_for_good_closes_its_address_and_nothing_more_is_sent_there(
    app: Flask, session: Session
) -> None:
    id, sender = left(session)
    assert pipe(app, report(to=sender)).exit_code == 0
    message = reread(session, id)
    assert (message.bounce_status, message.state) == ("5.1.1", JobState.DONE)
    assert list(queries.bounced(session, ["Ann@Example.test", "ben@example.test"])) == ["Ann@Example.test"]
    again, other = promised(session, "ann@example.test", "ben@example.test", key="result:2")
    with sink() as server:
        assert send(session, server).rejected == 1
    assert list(server.copies()) == ["ben@example.test"]
    message = reread(session, again)
    assert (message.state, "5.1.1" in (message.last_error or "")) == (JobState.DEAD, True)
    assert reread(session, other).state is JobState.DONE


def test_the_return_address_given_by_the_pipe_is_enough_for_an_old_report(
    app: Flask, session: Session
) -> None:
    id, sender = left(session)
    pipe(app, old_report("Sorry, no mailbox here by that name. (#5.1.1)"), sender.upper())
    assert reread(session, id).bounce_status == "5.1.1"
    assert queries.bounced(session, ["ann@example.test"])


def test_a_passing_trouble_is_noted_and_closes_nothing(app: Flask, session: Session) -> None:
    id, sender = left(session)
    pipe(app, report(to=sender, status="4.2.2"))
    assert reread(session, id).bounce_status == "4.2.2"
    assert queries.bounced(session, ["ann@example.test"]) == {}
    pipe(app, report(to=sender))
    pipe(app, report(to=sender, status="4.2.2"))
    assert reread(session, id).bounce_status == "5.1.1"


def test_the_same_report_again_changes_nothing_even_after_an_officer_opened_the_address(
    app: Flask, session: Session, officer_client: PageClient
) -> None:
    id, sender = left(session)
    for _ in range(2):
        pipe(app, report(to=sender))
    noted = reread(session, id).bounced_at
    page = officer_client.get_page("/officer/outbox/addresses")
    assert "ann@example.test" in page.text
    after = officer_client.submit(page, {"address": "ann@example.test"})
    assert "Mail is sent to ann@example.test again." in after.text
    subject = session.scalars(select(AuditEvent.subject).order_by(AuditEvent.id.desc())).first()
    assert subject == "address:a…@example.test"
    pipe(app, report(to=sender))
    assert queries.bounced(session, ["ann@example.test"]) == {}
    assert reread(session, id).bounced_at == noted


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff nothing",
        report(to="bounces+1-aaaaaaaaaaaaaaaa@mail.example"),
        report(to="bounces+999999-aaaaaaaaaaaaaaaa@mail.example"),
        old_report("I am away", {"From": "Ann <ann@example.test>"}),
    ],
)
def test_whatever_else_comes_is_dropped_without_a_word(app: Flask, session: Session, data: bytes) -> None:
    id, _ = left(session)
    assert pipe(app, data).exit_code == 0
    assert reread(session, id).bounce_status is None
    assert session.scalar(select(func.count()).select_from(BouncedAddress)) == 0


def test_a_proof_for_one_message_is_none_for_another(app: Flask, session: Session) -> None:
    _, sender = left(session)
    [other] = promised(session, "ben@example.test")
    first = sender.partition("+")[2].partition("-")[0]
    pipe(app, report(to=sender.replace(f"+{first}-", f"+{other}-")))
    assert reread(session, other).bounce_status is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_the_setting_or_the_database_the_report_is_to_be_kept_for_later(
    app: Flask, session: Session
) -> None:
    _, sender = left(session)
    session.execute(OutboxMessage.__table__.delete())
    session.commit()
    session.connection().exec_driver_sql("DROP TABLE outbox_message")
    session.commit()
    assert pipe(app, report(to=sender)).exit_code == os.EX_TEMPFAIL
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], bounce_address=None)
    assert pipe(app, report(to=sender)).exit_code == os.EX_TEMPFAIL


def test_a_server_that_says_at_once_that_nobody_is_there_closes_the_address_too(session: Session) -> None:
    id, policy = promised(session, "ann@example.test", "ben@example.test")
    replies = {"ann@example.test": "550 5.1.1 Nobody", "ben@example.test": "550 5.7.1 We like you not"}
    with sink(replies.get) as server:
        send(session, server)
    assert list(queries.bounced(session, [*replies])) == ["ann@example.test"]
    assert reread(session, id).bounce_status == "5.1.1"
    assert reread(session, policy).bounce_status is None


def test_invitations_leave_one_after_the_other_for_each_domain(session: Session) -> None:
    with transaction(session):
        mailing = make_mailing(session)
        for chunk in (range(2), range(2, 4)):
            messages = [service.Promise(f"k{n}", f"p{n}@example.test", {"name": "P"}) for n in chunk]
            service.promise(session, mailing=mailing, messages=messages, now=NOW, per_minute=2)
    moments = session.scalars(select(OutboxMessage.not_before).order_by(OutboxMessage.id))
    assert [(moment - NOW).total_seconds() for moment in moments] == [0, 30, 60, 90]
    with sink() as server:
        send(session, server)
    assert list(server.copies()) == ["p0@example.test"]


def test_a_secret_is_emptied_at_once_and_its_message_is_known_until_reports_have_come(
    session: Session,
) -> None:
    id, _ = left(session)
    [waiting] = promised(session, "ben@example.test")
    with transaction(session):
        service.forget_secrets(session, prefix="result:", now=NOW, keep=bounces.REPORTS_COME_WITHIN)
    assert (reread(session, id).personal, reread(session, waiting).personal) == ({}, {"name": "ben"})
    later = NOW + bounces.REPORTS_COME_WITHIN * 2
    with transaction(session):
        service.forget_secrets(session, prefix="result:", now=later, keep=bounces.REPORTS_COME_WITHIN)
    assert list(session.scalars(select(OutboxMessage.id))) == [waiting]
