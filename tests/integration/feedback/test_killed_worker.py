"""Everybody gets the feedback, whatever happens to the worker and whatever the mail server says."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback import queries
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import Job, JobState
from engage.foundations.settings import Settings
from engage.outbox.models import OutboxMessage
from engage.outbox.rules import Pace
from tests.factories.feedback import make_published
from tests.factories.outbox import DROP_AFTER, DROP_BEFORE, Manners, Sink, sink

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = tuple(f"n{number}@example.org" for number in range(290))
GONE = tuple(f"gone{number}@example.org" for number in range(10))
PATIENCE = 60
Start = Callable[..., "subprocess.Popen[bytes]"]


@contextmanager
def workers(settings: Settings, server: Sink) -> Iterator[Start]:
    """Yield what starts `engage worker`; whatever still runs at the end is killed."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "ENGAGE_MODE": "test",
        "ENGAGE_SECRET_KEY": settings.secret_key,
        "ENGAGE_DATABASE_URL": settings.database_url,
        "ENGAGE_INSTANCE": str(settings.instance),
        "ENGAGE_SMTP_URL": server.url,
        "ENGAGE_FEEDBACK_PER_MINUTE": "0",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from engage.cli import main; main()", "worker"]
        command += ["--lease", "1.5", "--first-retry", "0.2", *options]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL))
        return started[-1]

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.wait()


def wait_until(true: Callable[[], bool], pause: float = 0.002) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(pause)


def settled(session: Session) -> bool:
    """Tell whether every address has its row and no message waits."""
    session.rollback()
    states = dict(session.execute(select(OutboxMessage.state, func.count()).group_by("state")).all())
    return sum(states.values()) == len(PEOPLE) + len(GONE) and JobState.QUEUED not in states


def published(session: Session) -> Feedback:
    """Return feedback published long enough ago for workers, who have no clock but the real one."""
    with transaction(session):
        _, feedback = make_published(session, *PEOPLE, *GONE)
        session.execute(update(Job).values(not_before=clock.now()))
    return feedback


def rude(chance: random.Random) -> Manners:
    def answer(address: str) -> str | None:
        if address.startswith("gone"):
            return "550 No such mailbox"
        roll = chance.random()
        if roll < 0.08:
            return "451 Come back later"
        if roll < 0.11:
            return DROP_BEFORE
        if roll < 0.14:
            return DROP_AFTER
        return None

    return answer


def prove_everybody_was_served(session: Session, server: Sink, feedback: Feedback) -> None:
    """Check addresses, copies and the ledger against each other."""
    copies: dict[str, Counter[str]] = defaultdict(Counter)
    for address, message in server.accepted:
        copies[address][str(message["Message-ID"])] += 1
    assert set(copies) == set(PEOPLE)
    assert all(len(ids) == 1 for ids in copies.values()), "all copies have one Message-ID"
    session.rollback()
    rows = session.scalars(
        select(OutboxMessage).join(Delivery, Delivery.message_id == OutboxMessage.id)
    ).all()
    assert Counter(row.recipient for row in rows) == Counter([*PEOPLE, *GONE])
    done = [row for row in rows if row.state is JobState.DONE]
    dead = [row for row in rows if row.state is JobState.DEAD]
    assert sorted(row.recipient for row in done) == sorted(PEOPLE)
    assert sorted(row.recipient for row in dead) == sorted(GONE)
    assert {row.last_error for row in dead} == {"550 No such mailbox"}
    assert all(row.done_at is not None and row.lease_until is None for row in done)
    assert all(row.attempts >= copies[row.recipient].total() for row in done)


def prove_the_ledger_stays(session: Session, feedback: Feedback) -> None:
    """Check that every row says what became of it, also once the messages are deleted."""
    before = queries.reach(session, session.get_one(Feedback, feedback.id))
    session.execute(delete(OutboxMessage))
    session.expire_all()
    rows = session.scalars(select(Delivery)).all()
    assert Counter((row.state, row.reason) for row in rows) == {
        (DeliveryState.SENT, ""): len(PEOPLE),
        (DeliveryState.UNDELIVERABLE, "550 No such mailbox"): len(GONE),
    }
    assert all(row.attempts >= 1 and row.settled_at is not None for row in rows)
    assert queries.reach(session, session.get_one(Feedback, feedback.id)) == before
    session.rollback()


def test_workers_killed_again_and_again_still_serve_everybody_once(
    session: Session, settings: Settings
) -> None:
    feedback = published(session)
    chance = random.Random(20271004)
    kills = 3
    with sink(rude(chance), pause=0.005) as server, workers(settings, server) as start:
        running = [start(), start()]
        for _ in range(kills):
            goal = len(server.accepted) + chance.randint(25, 60)
            wait_until(lambda goal=goal: len(server.accepted) >= goal)  # type: ignore[misc]
            oldest = running.pop(0)
            oldest.send_signal(signal.SIGKILL)
            assert oldest.wait() == -signal.SIGKILL
            running.append(start())
        wait_until(lambda: settled(session), pause=0.1)
        prove_everybody_was_served(session, server, feedback)
        again = len(server.accepted) - len(PEOPLE)
        assert again <= kills * Pace().in_flight + server.dropped_after
        assert start("--once").wait(PATIENCE) == 0
        session.rollback()
        reach = queries.reach(session, session.get_one(Feedback, feedback.id))
        assert (reach.owed, reach.reached, reach.failed) == (300, 290, 10)
        state = select(Consultation.state).where(Consultation.id == feedback.consultation_id)
        assert session.scalar(state) is State.FED_BACK
        prove_the_ledger_stays(session, feedback)


def test_a_worker_that_is_asked_to_stop_leaves_nothing_claimed(session: Session, settings: Settings) -> None:
    published(session)
    with sink(pause=0.003) as server, workers(settings, server) as start:
        process = start()
        wait_until(lambda: len(server.accepted) >= 20)
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert len(server.accepted) < len(PEOPLE)
    session.rollback()
    claimed = select(OutboxMessage.id).where(OutboxMessage.lease_until.is_not(None))
    assert session.scalars(claimed).all() == []
    done = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == JobState.DONE)
    assert session.scalar(done) == len(server.accepted) == len(server.copies())
