"""Promising mail of many texts at once, in as many statements as for one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations.addresses import own_host
from engage.foundations.inserts import insert_new
from engage.outbox.models import Mailing, OutboxMessage
from engage.outbox.service import Promise, message_id_of, of_mailings, paced_moments


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and both parts of a text, with `{{name}}` where each message has its own."""

    subject: str
    plain: str
    html: str | None = None

    def key(self, prefix: str) -> str:
        """Return the key of this very text under `prefix`: another text never stands in for it."""
        whole = "\0".join((self.subject, self.plain, self.html or ""))
        return f"{prefix}{hashlib.sha256(whole.encode()).hexdigest()[:24]}"


def promise_assorted(
    session: Session,
    *,
    prefix: str,
    messages: Mapping[Wording, Sequence[Promise]],
    now: datetime,
    per_minute: int = 0,
) -> None:
    """Promise each text's messages with the transaction; what was promised before stays as it was.

    The keys of the texts begin with `prefix`, by which they can be forgotten. Of all these texts together at
    most `per_minute` become due for one domain (0: no limit), after those that wait.
    """
    ids = _kept(session, prefix, list(messages), now)
    host = own_host()
    everyone = [(wording, message) for wording, several in messages.items() for message in several]
    recipients = [message.recipient for _, message in everyone]
    moments = paced_moments(session, recipients, behind=of_mailings(prefix), now=now, per_minute=per_minute)
    rows = [
        {
            "mailing_id": ids[wording.key(prefix)],
            "key": message.key,
            "recipient": message.recipient,
            "personal": dict(message.personal),
            "message_id": message_id_of(message.key, host),
            "not_before": moment,
        }
        for (wording, message), moment in zip(everyone, moments, strict=True)
    ]
    insert_new(session, OutboxMessage, rows, conflict=("key",))


def _kept(session: Session, prefix: str, wordings: Sequence[Wording], now: datetime) -> dict[str, int]:
    rows = [
        {
            "key": one.key(prefix),
            "subject": one.subject,
            "text_body": one.plain,
            "html_body": one.html,
            "created_at": now,
        }
        for one in wordings
    ]
    insert_new(session, Mailing, rows, conflict=("key",))
    found = select(Mailing.key, Mailing.id).where(Mailing.key.in_([row["key"] for row in rows]))
    return dict(session.execute(found).all())
