"""Mail for tests, and a real mail server that can be rude."""

from __future__ import annotations

import asyncio
import email
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.orm import Session as DatabaseSession

from engage.outbox import service
from engage.outbox.models import Mailing, OutboxMessage
from engage.outbox.service import Promise
from tests.fixtures.serving import free_port

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

# What the server says to an address: a reply, or one of these.
DROP_BEFORE = "drop before accepting"
DROP_AFTER = "drop after accepting"
Manners = Callable[[str], str | None]


def make_mailing(session: DatabaseSession, **overrides: object) -> Mailing:
    """Keep a mailing; its text greets `{{name}}`."""
    values = {
        "key": "result:1",
        "subject": "What came of it, {{name}}",
        "text_body": "Dear {{name}},\n\nhere it is.\n",
        "html_body": "<p>Dear {{name}},</p><p>here it is.</p>",
        "now": NOW,
    } | overrides
    return service.add_mailing(session, **values)  # type: ignore[arg-type]


def promise_to(session: DatabaseSession, *recipients: str, mailing: Mailing | None = None) -> list[int]:
    """Promise one message to each of `recipients`; returns their ids."""
    mailing = mailing or make_mailing(session)
    promises = [Promise(f"{mailing.key}:{to}", to, {"name": to.partition("@")[0]}) for to in recipients]
    found = service.promise(session, mailing=mailing, messages=promises, now=NOW)
    return [found[promise.key] for promise in promises]


def reread(session: DatabaseSession, id: int) -> OutboxMessage:
    """Return the message as the database has it now."""
    session.rollback()
    session.expire_all()
    return session.get_one(OutboxMessage, id)


class Sink:
    """A mail server that keeps what it accepted.

    `manners` says what it answers to an address (None: yes); each message takes it `pause` seconds.
    """

    def __init__(self, manners: Manners, pause: float) -> None:
        self.manners = manners
        self.pause = pause
        self.dropped_after = 0
        self.accepted: list[tuple[str, EmailMessage]] = []
        self.senders: list[str] = []
        self.connections = 0
        self.url = ""

    def copies(self) -> Counter[str]:
        """Return how many copies each address was sent."""
        return Counter(address for address, _ in self.accepted)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.manners(address)
        if answer == DROP_BEFORE:
            server.transport.abort()
        elif answer not in {None, DROP_AFTER}:
            return cast(str, answer)
        session.drops = answer == DROP_AFTER
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.pause)
        message = email.message_from_bytes(cast(bytes, envelope.content), policy=SMTP_POLICY)
        self.accepted.append((envelope.rcpt_tos[0], message))
        self.senders.append(cast(str, envelope.mail_from))
        if session.drops:
            self.dropped_after += 1
            server.transport.abort()
        return "250 OK"


@contextmanager
def sink(manners: Manners = lambda address: None, *, pause: float = 0.0) -> Iterator[Sink]:
    """Run a mail server on a free port for the length of the block."""
    found = Sink(manners, pause)
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    found.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield found
    finally:
        controller.stop(no_assert=True)
