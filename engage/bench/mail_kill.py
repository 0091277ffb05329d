"""Feedback for many while workers are killed and the mail server is rude: who was served, and how often."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from engage.bench.mail import Crew, Taken, ready, sink
from engage.bench.mail_sink import GONE
from engage.bench.mail_stage import leave_addresses, made_feedback
from engage.bench.servers import ServerFailed, temporary_settings
from engage.feedback.ledger import service as ledger
from engage.feedback.models import Delivery
from engage.foundations.database import db, transaction
from engage.foundations.jobs import JobState
from engage.outbox.models import OutboxMessage
from engage.responses.models import Contact

# A worker that has sent nothing since has not started yet, on a busy machine: killing it proves nothing.
SENT_BETWEEN_KILLS = 200
LONGEST = 3600.0
OPTIONS = ("--lease", "10", "--first-retry", "2")


def survive(
    *, messages: int, workers: int, database_url: str | None, folder: Path, now: datetime, every: float
) -> dict[str, Any]:
    """Feed back to `messages` addresses, killing a worker `every` so many seconds; return what came of it."""
    with ExitStack() as stack:
        settings = stack.enter_context(temporary_settings(database_url, folder))
        server = stack.enter_context(sink(settings.instance, "rude"))
        app = stack.enter_context(ready(settings, now))
        with app.app_context(), transaction(db.session) as session:
            consultation, feedback = made_feedback(session, now)
            leave_addresses(session, consultation_id=consultation.id, count=messages, now=now)
            ledger.ask_for_everybody(session, feedback.id, now=now, reason="bench")
        crew = stack.enter_context(Crew.at_work(settings, server.url, workers, *OPTIONS))
        began, kills, seen = time.monotonic(), 0, 0
        while not _settled(app, messages):
            if time.monotonic() - began > LONGEST:
                raise ServerFailed("the feedback did not come to everybody in an hour")
            time.sleep(every)
            crew.check()
            if server.count() - seen < SENT_BETWEEN_KILLS:
                continue
            crew.kill_oldest()
            crew.start()
            kills, seen = kills + 1, server.count()
        seconds = time.monotonic() - began
        with app.app_context():
            figures = compared(db.session, server.taken())
            db.session.rollback()
        return {
            "database": "postgresql" if database_url else "sqlite",
            "messages": messages,
            "workers": workers,
            "kills": kills,
            "seconds": round(seconds, 1),
            **figures,
        }


def kept_its_word(figures: dict[str, Any]) -> bool:
    """Tell whether everybody was reached once as far as the ledger knows, and every copy is accounted for."""
    wrong = ("missed", "strangers", "two_message_ids", "copies_not_in_ledger", "not_listed", "gone_reached")
    return not any(figures[name] for name in wrong)


def _settled(app: Flask, messages: int) -> bool:
    with app.app_context():
        counted = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
        states = dict(db.session.execute(counted).all())
        db.session.rollback()
    return sum(states.values()) == messages and JobState.QUEUED not in states


def compared(session: Session, taken: Sequence[Taken]) -> dict[str, Any]:
    """Compare what the server took with what the ledger says."""
    copies = Counter(one.address for one in taken)
    named = defaultdict(set)
    for one in taken:
        named[one.address].add(one.message_id)
    ledger_rows = (
        select(OutboxMessage.recipient, OutboxMessage.state, OutboxMessage.attempts)
        .join(Delivery, Delivery.message_id == OutboxMessage.id)
        .order_by(OutboxMessage.id)
    )
    rows: Sequence[Row[str, JobState, int]] = session.execute(ledger_rows).all()
    attempts = {row.recipient: row.attempts for row in rows}
    owed = set(session.scalars(select(Contact.address)))
    done = {row.recipient for row in rows if row.state is JobState.DONE}
    return {
        "reached": len(done),
        "undeliverable": len(rows) - len(done),
        "taken": len(taken),
        "copies": len(taken) - len(copies),
        "server_hung_up_after_taking": sum(one.unsaid for one in taken),
        "may_have_two": sum(number > 1 for address, number in attempts.items() if address in done),
        "missed": len(done - set(copies)),
        "gone_reached": sum(address.startswith(GONE) for address in copies),
        "strangers": len(set(copies) - owed),
        "not_listed": len(owed - set(attempts)),
        "two_message_ids": sum(len(several) > 1 for several in named.values()),
        "copies_not_in_ledger": sum(number > attempts.get(address, 0) for address, number in copies.items()),
    }
