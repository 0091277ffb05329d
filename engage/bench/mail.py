"""Measuring mail: our workers beside plain `smtplib`, in turn, into the same server in one run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from engage.bench.mail_stage import made_feedback, written
from engage.bench.servers import ServerFailed, environment, temporary_settings
from engage.bench.stage import make_ready
from engage.feedback.mails import result_mail
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.jobs import JobState
from engage.foundations.settings import Settings
from engage.outbox import service as outbox
from engage.outbox.models import Mailing, OutboxMessage
from engage.outbox.rendering import Letter, read_sender, render
from engage.outbox.service import Promise

ROUNDS = 3
PATIENCE = 300.0
STARTED = b'"worker.started"'


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the server took; `unsaid`: it hung up before saying so."""

    at: float
    address: str
    message_id: str
    unsaid: bool


class Sink:
    """A running mail server: where it listens, and what it took."""

    def __init__(self, process: subprocess.Popen[str], path: Path, port: int) -> None:
        self.process = process
        self.port = port
        self._path = path
        self._counted = 0
        self._read_to = 0

    @property
    def url(self) -> str:
        """Return its address as settings name it."""
        return f"smtp://127.0.0.1:{self.port}"

    def count(self) -> int:
        """Return how many messages it took so far, up to a moment ago. Only what is new is read."""
        with self._path.open("rb") as kept:
            kept.seek(self._read_to)
            new = kept.read()
        self._read_to += len(new)
        self._counted += new.count(b"\n")
        return self._counted

    def taken(self) -> list[Taken]:
        """Return what it took so far, in order."""
        whole = self._path.read_text(encoding="ascii").rpartition("\n")[0]
        rows = [line.split("\t") for line in whole.split("\n") if line]
        return [Taken(float(at), address, named, unsaid == "1") for at, address, named, unsaid in rows]


def measure(
    *, messages: int, workers: int, database_url: str | None, folder: Path, now: datetime
) -> dict[str, Any]:
    """Return messages a second of both sides, each in `ROUNDS` turns of `messages`, and their ratio."""
    with ExitStack() as stack:
        settings = stack.enter_context(temporary_settings(database_url, folder))
        server = stack.enter_context(sink(settings.instance))
        app = stack.enter_context(ready(settings, now))
        content = settings.instance / "message.eml"
        mailing = _mailing(app, content, now)
        crew = stack.enter_context(Crew.at_work(settings, server.url, workers))
        crew.wait_until_started()
        ours, plain = [], []
        for turn in range(ROUNDS):
            plain.append(_plain(server, content, messages, workers))
            ours.append(_ours(app, server, crew, mailing, messages, turn))
        rate, limit = sum(ours) / ROUNDS, sum(plain) / ROUNDS
        return {
            "database": "postgresql" if database_url else "sqlite",
            "workers": workers,
            "messages": messages,
            "bytes": content.stat().st_size,
            "per_second": round(rate, 1),
            "limit_per_second": round(limit, 1),
            "ratio": round(rate / limit, 3),
            "rounds": [round(one / other, 3) for one, other in zip(ours, plain, strict=True)],
        }


class Crew:
    """Running workers, and the file of what they log."""

    def __init__(self, settings: Settings, url: str, options: Sequence[str]) -> None:
        self._log = settings.instance / "workers.log"
        self._command = [sys.executable, "-c", "from engage.cli import main; main()", "worker", *options]
        self._environment = {**os.environ, **environment(settings), "ENGAGE_SMTP_URL": url}
        self._environment["ENGAGE_FEEDBACK_PER_MINUTE"] = "0"
        self.running: list[subprocess.Popen[bytes]] = []

    @classmethod
    @contextmanager
    def at_work(cls, settings: Settings, url: str, count: int, *options: str) -> Iterator[Crew]:
        """Run `count` workers and kill what runs of them afterwards."""
        crew = cls(settings, url, options)
        try:
            for _ in range(count):
                crew.start()
            yield crew
        finally:
            for process in crew.running:
                process.kill()
                process.wait()

    def start(self) -> None:
        """Start another worker."""
        with self._log.open("ab") as log:
            self.running.append(
                subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=subprocess.STDOUT)
            )

    def wait_until_started(self) -> None:
        """Wait until every worker works: starting takes a core, and would slow what is measured beside it."""
        give_up = time.monotonic() + PATIENCE
        while self._log.read_bytes().count(STARTED) < len(self.running):
            if time.monotonic() > give_up:
                raise ServerFailed("the workers did not start")
            self.check()
            time.sleep(0.1)

    def kill_oldest(self) -> None:
        """End the oldest worker as a power cut would."""
        oldest = self.running.pop(0)
        oldest.send_signal(signal.SIGKILL)
        oldest.wait()

    def check(self) -> None:
        """Raise `ServerFailed` where a worker has ended by itself."""
        if any(process.poll() is not None for process in self.running):
            raise ServerFailed("a worker ended by itself")


@contextmanager
def ready(settings: Settings, now: datetime) -> Iterator[Flask]:
    """Yield an application on a database with a consultation in it."""
    app = make_ready(settings, now)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.close()
            db.engine.dispose()


@contextmanager
def sink(folder: Path, *options: str) -> Iterator[Sink]:
    """Run a mail server for the length of the block."""
    path = folder / "taken.tsv"
    process = subprocess.Popen(
        [sys.executable, "-m", "engage.bench.mail_sink", str(path), *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout as said:
        port = said.readline().strip()
        if not port:
            raise ServerFailed("the mail server did not start")
        try:
            yield Sink(process, path, int(port))
        finally:
            process.terminate()


def rate_of(taken: Sequence[Taken]) -> float:
    """Return messages a second of the middle eight tenths: without starting and ending."""
    tenth = len(taken) // 10
    middle = taken[tenth : len(taken) - tenth]
    return (len(middle) - 1) / (middle[-1].at - middle[0].at)


def wait_for(server: Sink, count: int, crew: Crew | None = None) -> None:
    """Wait until the server has taken `count` messages; raises `ServerFailed` after a while."""
    give_up = time.monotonic() + PATIENCE
    while server.count() < count:
        if time.monotonic() > give_up:
            raise ServerFailed(f"only {server.count()} of {count} messages came")
        if crew is not None:
            crew.check()
        time.sleep(0.1)


def _mailing(app: Flask, content: Path, now: datetime) -> int:
    """Keep the text of a feedback mail, write one message made from it to `content`; return its id."""
    with app.app_context(), transaction(db.session) as session:
        consultation, feedback = made_feedback(session, now)
        text = result_mail(consultation, feedback, [])
        mailing = outbox.add_mailing(
            session, key="bench", subject=text.subject, text_body=text.plain, html_body=text.html, now=now
        )
        personal = {"unsubscribe_url": written(0)}
        letter = Letter(
            text.subject, text.plain, text.html, "plain@example.org", personal, "<0@bench.example.org>"
        )
        content.write_bytes(render(letter, sender=read_sender("Bench <bench@example.org>"), at=now))
        return mailing.id


def _plain(server: Sink, content: Path, messages: int, workers: int) -> float:
    before, each = server.count(), messages // workers
    command = [sys.executable, "-m", "engage.bench.mail_plain", str(server.port), str(content), str(each)]
    processes = [subprocess.Popen(command) for _ in range(workers)]
    codes = [process.wait() for process in processes]
    if any(codes):
        raise ServerFailed("plain smtplib did not finish")
    wait_for(server, before + each * workers)
    return rate_of(server.taken()[before:])


def _ours(app: Flask, server: Sink, crew: Crew, mailing: int, messages: int, turn: int) -> float:
    before = server.count()
    with app.app_context(), transaction(db.session) as session:
        outbox.promise(
            session,
            mailing=session.get_one(Mailing, mailing),
            messages=[
                Promise(f"{turn}:{n}", f"n{n}@example.org", {"unsubscribe_url": written(n)})
                for n in range(messages)
            ],
            now=clock.now(),
        )
    wait_for(server, before + messages, crew)
    rate = rate_of(server.taken()[before:])
    _wait_for_marks(app, crew)
    return rate


def _wait_for_marks(app: Flask, crew: Crew) -> None:
    waiting = select(func.count()).where(OutboxMessage.state == JobState.QUEUED)
    with app.app_context():
        while db.session.scalar(waiting):
            db.session.rollback()
            crew.check()
            time.sleep(0.1)
        db.session.rollback()
