"""The worker: jobs, mail and what falls due by the clock, until it is told to stop."""

from __future__ import annotations

import threading
import traceback
from datetime import datetime
from email.headerregistry import Address

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engage.foundations import clock, jobs
from engage.foundations.database import is_sqlite, transaction
from engage.foundations.jobs import Claimable, Job
from engage.foundations.tasks import Periodic, Registry
from engage.outbox.models import OutboxMessage
from engage.outbox.rules import Pace
from engage.outbox.sending import send_batch
from engage.outbox.transports import Transport

log = structlog.get_logger("engage.worker")

# Any number of ours: on PostgreSQL one worker at a time runs what is periodic.
PERIODIC_LOCK = 5_201_603


class LeaseLost(Exception):
    """Somebody else has claimed the job since; what this worker did for it is undone."""


class Worker:
    """Runs everything that waits in the database of `session`.

    Set `stopping` to make it return after the message or job in hand.
    """

    def __init__(
        self,
        session: Session,
        registry: Registry,
        transport: Transport,
        *,
        sender: Address,
        pace: Pace,
        stopping: threading.Event,
        returns_to: Address | None = None,
    ) -> None:
        self._session = session
        self._registry = registry
        self._transport = transport
        self._sender = sender
        self._pace = pace
        self._stopping = stopping
        self._returns_to = returns_to
        self._next_tick: datetime | None = None
        self._mail_from: datetime | None = None

    def run(self) -> None:
        """Work until `stopping`; a database that is away for a while is waited for."""
        log.info("worker.started")
        while not self._stopping.is_set():
            self._work_while_busy()
            self._stopping.wait(self._pace.idle.total_seconds())
        log.info("worker.stopped")

    def run_until_idle(self) -> None:
        """Work until nothing is due now."""
        with self._transport:
            while not self._stopping.is_set() and self._round():
                self._session.close()
        self._session.close()

    def _work_while_busy(self) -> None:
        """Work until a round finds nothing, over one connection to the mail server."""
        with self._transport:
            busy = True
            while busy and not self._stopping.is_set():
                try:
                    busy = self._round()
                except SQLAlchemyError as error:
                    log.error("worker.database", error=type(error).__name__)
                    busy = False
                finally:
                    self._session.close()

    def _round(self) -> bool:
        """Do what is due once; True where something was done, so that there may be more."""
        self._tick()
        did_job = self._run_job()
        return self._send_mail() or did_job

    def _tick(self) -> None:
        now = clock.now()
        if self._next_tick is not None and now < self._next_tick:
            return
        self._next_tick = now + self._pace.tick
        for name, function in self._registry.periodic.items():
            self._run_periodic(name, function, now)

    def _run_periodic(self, name: str, function: Periodic, now: datetime) -> None:
        try:
            with transaction(self._session):
                if not is_sqlite(self._session):
                    self._session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": PERIODIC_LOCK})
                function(self._session, now)
        except Exception as error:
            log.error("worker.periodic_failed", name=name, error=_outline(error))

    def _run_job(self) -> bool:
        if not self._due(Job):
            return False
        with transaction(self._session):
            claimed = jobs.claim(self._session, Job, at=clock.now(), limit=1, lease=self._pace.lease)
        for job in claimed:
            self._perform(job)
        return bool(claimed)

    def _perform(self, job: Job) -> None:
        """Run the task in the transaction that marks it done: both happen, or neither."""
        id, fence, name = job.id, job.fence, job.name
        try:
            with transaction(self._session):
                self._registry.tasks[name](self._session, clock.now(), job.arguments)
                if not jobs.finish(self._session, Job, id=id, fence=fence, at=clock.now()):
                    raise LeaseLost(name)
        except LeaseLost:
            log.warning("worker.lease_lost", job=id, name=name)
        except Exception as error:
            log.error("worker.job_failed", job=id, name=name, error=_outline(error))
            self._put_back(id, fence, f"{type(error).__name__}: {error}"[:2000])

    def _put_back(self, id: int, fence: int, error: str) -> None:
        pace = self._pace
        with transaction(self._session):
            jobs.fail(
                self._session,
                Job,
                id=id,
                fence=fence,
                at=clock.now(),
                error=error,
                most_attempts=pace.most_attempts,
                backoff=pace.backoff,
            )

    def _send_mail(self) -> bool:
        if self._mail_from is not None and clock.now() < self._mail_from:
            return False
        if not self._due(OutboxMessage):
            return False
        batch = send_batch(
            self._session,
            self._transport,
            sender=self._sender,
            pace=self._pace,
            stopping=self._stopping.is_set,
            returns_to=self._returns_to,
        )
        log.info("mail.batch", sent=batch.sent, deferred=batch.deferred, rejected=batch.rejected)
        self._mail_from = None if batch.reachable else clock.now() + (batch.rest or self._pace.unreachable)
        return batch.claimed > 0

    def _due(self, model: type[Claimable]) -> bool:
        # The look ends its transaction: on SQLite a reader must not turn into a writer.
        due = jobs.any_due(self._session, model, at=clock.now())
        self._session.rollback()
        return due


def _outline(error: Exception) -> str:
    """Return what went wrong and where, but no value: messages and variables may hold an address."""
    places = [
        f"{place.name} ({place.filename}:{place.lineno})"
        for place in traceback.extract_tb(error.__traceback__)
    ]
    return " in ".join([type(error).__name__, *reversed(places[-3:])])
