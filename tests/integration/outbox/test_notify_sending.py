"""Mail leaves by GOV.UK Notify, over a real connection, and no message leaves twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.foundations.settings import ROOT, Settings, SettingsError
from engage.foundations.tasks import Registry
from engage.outbox import service
from engage.outbox.models import BouncedAddress, OutboxMessage
from engage.outbox.notify import NotifyTransport
from engage.outbox.rendering import read_sender
from engage.outbox.rules import Pace
from engage.outbox.sending import Batch, send_batch
from engage.outbox.service import Promise
from engage.outbox.way_out import way_out
from engage.outbox.worker import Worker
from tests.factories.notify import (
    CLOSE_AFTER,
    CLOSE_BEFORE,
    HANG,
    KEY,
    SERVICE,
    TEMPLATE,
    TOKEN,
    Answer,
    Manners,
    NotifyHost,
    notify_host,
)
from tests.factories.outbox import NOW, make_mailing, promise_to, reread

SENDER = read_sender("Engage <engage@example.org>")
# What happens on the way is the same on every database; what is written down of it is tried on both.
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def promised(session: Session, *recipients: str) -> list[int]:
    with transaction(session):
        return promise_to(session, *recipients)


def send(
    session: Session, host: NotifyHost, *, at: datetime = NOW, timeout: float = 15, **account: object
) -> Batch:
    with clock.stopped_at(at):
        transport = NotifyTransport(host.account(**account), timeout=timeout)
        return send_batch(session, transport, sender=SENDER, pace=Pace(), stopping=lambda: False)


def says(answer: Answer | str) -> Manners:
    return lambda message: answer if message["email_address"] == "bad@example.org" else None


def test_a_batch_is_handed_over_with_what_notify_needs(session: Session) -> None:
    ids = promised(session, "ada@example.org", "ben@example.org")
    with notify_host() as host:
        batch = send(session, host, reply_to=SERVICE)
    assert (batch.claimed, batch.sent, host.asked) == (2, 2, 0)
    first = reread(session, ids[0])
    assert host.taken[0] == {
        "email_address": "ada@example.org",
        "template_id": TEMPLATE,
        "personalisation": {"subject": "What came of it, ada", "body": "Dear ada,\n\nhere it is."},
        "reference": first.message_id,
        "email_reply_to_id": SERVICE,
    }
    for id in ids:
        message = reread(session, id)
        assert (message.state, message.done_at, message.delivered_at) == (JobState.DONE, NOW, None)


@one_database
def test_what_stops_our_mail_is_handed_over_by_https_only(session: Session) -> None:
    addresses = ("https://engage.example/stop?token=a.b-c_d", "http://localhost/stop?token=x")
    with transaction(session):
        mailing = make_mailing(session, text_body="Stop: {{unsubscribe_url}}")
        for number, address in enumerate(addresses):
            one = Promise(f"m:{number}", f"n{number}@example.org", {"unsubscribe_url": address})
            service.promise(session, mailing=mailing, messages=[one], now=NOW)
    with notify_host() as host:
        send(session, host)
    by_https, other = host.taken
    assert by_https["one_click_unsubscribe_url"] == addresses[0]
    assert by_https["personalisation"]["body"] == f"Stop: {addresses[0]}"
    assert "one_click_unsubscribe_url" not in other


@one_database
def test_stored_text_is_handed_over_as_text(session: Session) -> None:
    with transaction(session):
        mailing = make_mailing(
            session, subject="((x)) {{name}}", text_body="# {{name}}\n[a](https://b.example)"
        )
        promise_to(session, "ada@example.org", mailing=mailing)
    with notify_host() as host:
        send(session, host)
    handed = host.taken[0]["personalisation"]
    assert handed["body"] == "\\# ada\n\\[a\\](https://b.example)"
    assert handed["subject"].replace("\u200b", "") == "((x)) ada"


@one_database
def test_an_address_that_notify_refuses_ends_its_message_and_is_not_closed(session: Session) -> None:
    bad, good = promised(session, "bad@example.org", "good@example.org")
    with notify_host(says((400, "ValidationError", "email_address Not a valid email address"))) as host:
        batch = send(session, host)
    assert (batch.sent, batch.rejected) == (1, 1)
    message = reread(session, bad)
    assert message.state is JobState.DEAD
    assert message.last_error == "GOV.UK Notify: 400 email_address Not a valid email address"
    assert reread(session, good).state is JobState.DONE
    assert session.scalars(select(BouncedAddress)).all() == []


@one_database
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((500, "Exception", "Internal server error"), "GOV.UK Notify: 500 Internal server error"),
        (CLOSE_BEFORE, "GOV.UK Notify did not answer"),
        (CLOSE_AFTER, "GOV.UK Notify did not answer"),
        (HANG, "GOV.UK Notify did not answer (ReadTimeout)"),
    ],
)
def test_trouble_with_one_message_puts_it_off_and_it_is_not_sent_twice(
    session: Session, answer: Answer | str, reason: str
) -> None:
    bad, good = promised(session, "bad@example.org", "good@example.org")
    with notify_host(says(answer)) as host:
        batch = send(session, host, timeout=0.3)
        assert (batch.sent, batch.deferred, batch.reachable) == (1, 1, True)
        message = reread(session, bad)
        assert (message.state, message.attempts) == (JobState.QUEUED, 1)
        assert (message.last_error or "").startswith(reason)
        assert reread(session, good).state is JobState.DONE
        host.manners = lambda message: None
        assert send(session, host, at=NOW + timedelta(hours=1)).sent == 1
        assert reread(session, bad).state is JobState.DONE
        assert host.copies() == {"bad@example.org": 1, "good@example.org": 1}
        assert host.asked == 1


@pytest.mark.parametrize(
    ("answer", "rest"),
    [
        ((403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"), None),
        ((429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests"), None),
        ((429, "TooManyRequestsError", "Exceeded send limits (email: 250000) for today"), 15),
        ((400, "BadRequestError", "Template not found"), None),
        ((503, "", "Service unavailable"), None),
    ],
)
@one_database
def test_what_stops_all_mail_costs_no_message_an_attempt(
    session: Session, answer: Answer, rest: int | None
) -> None:
    ids = promised(session, "ada@example.org", "ben@example.org")
    with notify_host(lambda message: answer) as host:
        batch = send(session, host)
    assert (batch.reachable, host.posts) == (False, 1)
    assert batch.rest == (timedelta(minutes=rest) if rest else None)
    for id in ids:
        message = reread(session, id)
        assert (message.state, message.attempts, message.lease_until) == (JobState.QUEUED, 0, None)


@one_database
def test_after_a_full_day_a_worker_asks_four_times_an_hour(session: Session) -> None:
    promised(session, "ada@example.org")
    full = (429, "TooManyRequestsError", "Exceeded send limits (email: 250000) for today")
    with notify_host(lambda message: full) as host:
        worker = Worker(
            session,
            Registry({}, {}),
            NotifyTransport(host.account()),
            sender=SENDER,
            pace=Pace(),
            stopping=threading.Event(),
        )
        for minutes, posts in ((0, 1), (1, 1), (14, 1), (16, 2)):
            with clock.stopped_at(NOW + timedelta(minutes=minutes)):
                worker.run_until_idle()
            assert host.posts == posts


@one_database
def test_a_wrong_key_and_a_host_that_is_away_stop_all_mail(session: Session) -> None:
    [id] = promised(session, "ada@example.org")
    with notify_host() as host:
        assert not send(session, host, api_key=KEY[:-1] + "f").reachable
    assert not send(session, host).reachable
    assert (reread(session, id).attempts, host.taken) == (0, [])


def test_what_notify_took_before_the_worker_was_put_off_is_not_sent_again(session: Session) -> None:
    """A claim that was given back counts as no attempt, and the message may have left all the same."""
    [id] = promised(session, "ada@example.org")
    with notify_host() as host:
        send(session, host)
        with transaction(session):
            # As a killed worker leaves it, its claim given back.
            session.execute(update(OutboxMessage).values(state=JobState.QUEUED, done_at=None, attempts=0))
        assert send(session, host).sent == 1
        assert (host.copies().total(), host.asked) == (1, 1)
    assert reread(session, id).state is JobState.DONE


@pytest.mark.slow
@one_database
def test_a_worker_killed_between_answer_and_commit_makes_no_second_copy(
    session: Session, settings: Settings
) -> None:
    people = [f"n{number}@example.org" for number in range(5)]
    with transaction(session):
        promise_to(session, *people)
        session.execute(update(OutboxMessage).values(not_before=clock.now()))
    with notify_host(lambda message: HANG if message["email_address"] == "n2@example.org" else None) as host:
        first = started(settings, host)
        wait_until(lambda: len(host.taken) == 3)
        first.send_signal(signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
        session.rollback()
        states = session.scalars(select(OutboxMessage.state)).all()
        assert set(states) == {JobState.QUEUED}, "answered twice, and not written down"
        host.manners = lambda message: None
        second = started(settings, host)
        try:
            wait_until(lambda: settled(session))
        finally:
            second.terminate()
            second.wait()
        assert host.copies() == dict.fromkeys(people, 1)
        assert host.asked == len(people)


def started(settings: Settings, host: NotifyHost) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "ENGAGE_MODE": "test",
        "ENGAGE_SECRET_KEY": settings.secret_key,
        "ENGAGE_DATABASE_URL": settings.database_url,
        "ENGAGE_INSTANCE": str(settings.instance),
        "ENGAGE_NOTIFY_API_KEY": KEY,
        "ENGAGE_NOTIFY_TEMPLATE": TEMPLATE,
        "ENGAGE_NOTIFY_CALLBACK_TOKEN": TOKEN,
        "ENGAGE_NOTIFY_URL": host.url,
    }
    command = [sys.executable, "-c", "from engage.cli import main; main()", "worker"]
    command += ["--lease", "1", "--first-retry", "0.2"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def settled(session: Session) -> bool:
    session.rollback()
    return set(session.scalars(select(OutboxMessage.state))) == {JobState.DONE}


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


@one_database
def test_without_the_package_the_worker_says_what_to_install(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "engage.outbox.notify", raising=False)
    for name in [name for name in sys.modules if name.startswith("notifications_python_client")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "notifications_python_client", None)
    account = NotifyHost(lambda message: None).account(url="https://notify.example")
    with pytest.raises(SettingsError, match=r"Install engage\[notify\]"):
        way_out(replace(settings, notify=account))
    way_out(replace(settings, notify=None, smtp_url="smtp://mail.example"))
    assert not Path(settings.instance / "outbox").exists()
