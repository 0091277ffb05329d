"""Mail leaves over a real connection, and what the server says decides what becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations import clock, jobs
from engage.foundations.database import transaction
from engage.foundations.jobs import Job, JobState
from engage.foundations.tasks import Registry
from engage.outbox.models import OutboxMessage
from engage.outbox.pipelining import nothing
from engage.outbox.rendering import read_sender
from engage.outbox.rules import Pace
from engage.outbox.sending import Batch, send_batch
from engage.outbox.transports import Deferred, Envelope, FolderTransport, transport_for
from engage.outbox.worker import Worker
from tests.factories.outbox import DROP_AFTER, DROP_BEFORE, NOW, Manners, Sink, promise_to, reread, sink

SENDER = read_sender("Engage <engage@example.org>")
PACE = Pace()


def promised(session: Session, *recipients: str) -> list[int]:
    with transaction(session):
        return promise_to(session, *recipients)


def send(
    session: Session, server: Sink, *, pace: Pace = PACE, stopping: Callable[[], bool] = lambda: False
) -> Batch:
    with clock.stopped_at(NOW):
        transport = transport_for(server.url, Path("unused"))
        return send_batch(session, transport, sender=SENDER, pace=pace, stopping=stopping)


def says(reply: str) -> Manners:
    return lambda address: reply if address == "bad@example.org" else None


def test_a_batch_leaves_over_one_connection_and_each_message_is_done(session: Session) -> None:
    ids = promised(session, "a@example.org", "b@example.org", "c@example.org")
    with sink() as server:
        batch = send(session, server)
    assert (batch.claimed, batch.sent) == (3, 3)
    assert server.connections == 1
    assert [to for to, _ in server.accepted] == ["a@example.org", "b@example.org", "c@example.org"]
    assert server.accepted[0][1]["Subject"] == "What came of it, a"
    for id in ids:
        message = reread(session, id)
        assert (message.state, message.done_at, message.attempts) == (JobState.DONE, NOW, 1)


def test_a_refusal_for_good_ends_one_message_with_its_reason(session: Session) -> None:
    bad, good = promised(session, "bad@example.org", "good@example.org")
    with sink(says("550 No such mailbox")) as server:
        batch = send(session, server)
    assert (batch.sent, batch.rejected) == (1, 1)
    message = reread(session, bad)
    assert (message.state, message.last_error) == (JobState.DEAD, "550 No such mailbox")
    assert reread(session, good).state is JobState.DONE


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("451 Try later", "451 Try later"),
        (DROP_BEFORE, "The connection was lost"),
        (DROP_AFTER, "The connection was lost"),
    ],
)
def test_a_passing_trouble_puts_one_message_off_and_the_rest_go(
    session: Session, reply: str, reason: str
) -> None:
    bad, good = promised(session, "bad@example.org", "good@example.org")
    with sink(says(reply)) as server:
        batch = send(session, server)
    assert (batch.sent, batch.deferred) == (1, 1)
    message = reread(session, bad)
    assert (message.state, message.attempts) == (JobState.QUEUED, 1)
    assert message.not_before > NOW
    assert (message.last_error or "").startswith(reason)
    assert reread(session, good).state is JobState.DONE


def test_the_server_closing_with_421_is_connected_to_again(session: Session) -> None:
    promised(session, "bad@example.org", "good@example.org")
    with sink(says("421 Too many from you")) as server:
        batch = send(session, server)
    assert (batch.sent, batch.deferred, server.connections) == (1, 1, 2)


def test_a_server_that_is_away_costs_no_message_an_attempt(session: Session) -> None:
    [id] = promised(session, "a@example.org")
    with sink() as server:
        pass
    batch = send(session, server)
    assert not batch.reachable
    message = reread(session, id)
    assert (message.state, message.attempts, message.lease_until) == (JobState.QUEUED, 0, None)


def test_an_address_that_cannot_be_written_ends_its_message_only(session: Session) -> None:
    bad, good = promised(session, "bad@example.org\r\nBcc: all@example.org", "good@example.org")
    with sink() as server:
        send(session, server)
    assert reread(session, bad).state is JobState.DEAD
    assert reread(session, good).state is JobState.DONE
    assert list(server.copies()) == ["good@example.org"]


def test_a_worker_that_is_told_to_stop_gives_the_rest_back(session: Session) -> None:
    ids = promised(session, "a@example.org", "b@example.org")
    with sink() as server:
        batch = send(session, server, stopping=lambda: len(server.accepted) == 1)
    assert batch.sent == 1
    rest = reread(session, ids[1])
    assert (rest.state, rest.attempts, rest.lease_until) == (JobState.QUEUED, 0, None)


def test_a_message_written_out_ahead_has_its_own_turn(session: Session, tmp_path: Path) -> None:
    ids = promised(session, "a@example.org", "no address", "c@example.org")
    seen: list[str] = []

    class Busy(FolderTransport):
        """Has the next message written out while it takes one in."""

        def send(self, envelope: Envelope, meanwhile: Callable[[], None] = nothing) -> None:
            meanwhile()
            seen.append(envelope.recipient)

    with clock.stopped_at(NOW):
        batch = send_batch(session, Busy(tmp_path), sender=SENDER, pace=PACE, stopping=lambda: False)
    assert (batch.sent, batch.rejected, seen) == (2, 1, ["a@example.org", "c@example.org"])
    assert [reread(session, id).state for id in ids] == [JobState.DONE, JobState.DEAD, JobState.DONE]


def test_a_message_taken_over_meanwhile_is_left_to_its_new_owner(session: Session, tmp_path: Path) -> None:
    [id] = promised(session, "a@example.org")

    class Slow(FolderTransport):
        """Takes so long that another worker claims the message."""

        def send(self, envelope: Envelope, meanwhile: Callable[[], None] = nothing) -> None:
            with transaction(session):
                session.execute(OutboxMessage.__table__.update().values(fence=OutboxMessage.fence + 1))
            raise Deferred("too late to matter")

    with clock.stopped_at(NOW):
        send_batch(session, Slow(tmp_path), sender=SENDER, pace=PACE, stopping=lambda: False)
    message = reread(session, id)
    assert (message.state, message.fence, message.last_error) == (JobState.QUEUED, 2, None)


def worker(session: Session, registry: Registry, tmp_path: Path) -> Worker:
    return Worker(
        session,
        registry,
        transport_for(None, tmp_path),
        sender=SENDER,
        pace=PACE,
        stopping=threading.Event(),
    )


def test_a_worker_runs_jobs_and_sends_the_mail_they_promise(session: Session, tmp_path: Path) -> None:
    def greet(session: Session, now: object, arguments: dict[str, str]) -> None:
        promise_to(session, arguments["to"])

    with clock.stopped_at(NOW):
        with transaction(session):
            jobs.ask(session, name="greet", arguments={"to": "ada@example.org"}, at=NOW)
        worker(session, Registry({"greet": greet}, {}), tmp_path).run_until_idle()
    assert session.scalars(select(Job.state)).all() == [JobState.DONE]
    assert session.scalars(select(OutboxMessage.state)).all() == [JobState.DONE]
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


def test_a_job_that_fails_leaves_nothing_behind_and_waits(session: Session, tmp_path: Path) -> None:
    def half(session: Session, now: object, arguments: dict[str, str]) -> None:
        promise_to(session, "ada@example.org")
        raise RuntimeError("halfway")

    with clock.stopped_at(NOW):
        with transaction(session):
            jobs.ask(session, name="half", arguments={}, at=NOW)
        worker(session, Registry({"half": half}, {}), tmp_path).run_until_idle()
    [job] = session.scalars(select(Job)).all()
    assert (job.state, job.attempts, job.last_error) == (JobState.QUEUED, 1, "RuntimeError: halfway")
    assert session.scalars(select(OutboxMessage.id)).all() == []


def test_what_a_late_worker_did_for_a_job_is_undone(session: Session, tmp_path: Path) -> None:
    def slow(session: Session, now: object, arguments: dict[str, str]) -> None:
        promise_to(session, "ada@example.org")
        session.execute(Job.__table__.update().values(fence=9))

    with clock.stopped_at(NOW):
        with transaction(session):
            jobs.ask(session, name="slow", arguments={}, at=NOW)
        worker(session, Registry({"slow": slow}, {}), tmp_path).run_until_idle()
    [job] = session.scalars(select(Job), execution_options={"populate_existing": True}).all()
    assert (job.state, job.fence, job.attempts) == (JobState.QUEUED, 1, 1)
    assert session.scalars(select(OutboxMessage.id)).all() == []


def test_what_is_periodic_runs_once_a_minute_and_one_failure_stops_no_other(
    session: Session, tmp_path: Path
) -> None:
    ran: list[str] = []

    def broken(session: Session, now: object) -> None:
        ran.append("broken")
        raise RuntimeError("broken")

    def sound(session: Session, now: object) -> None:
        ran.append("sound")

    periodic = {"broken": broken, "sound": sound}
    mine = worker(session, Registry({}, periodic), tmp_path)
    for seconds in (0, 59, 60):
        with clock.stopped_at(NOW + timedelta(seconds=seconds)):
            mine.run_until_idle()
    assert ran == ["broken", "sound", "broken", "sound"]
