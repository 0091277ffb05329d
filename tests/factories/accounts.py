"""Mailed keys and authenticator apps for tests."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.outbox.models import Mailing, OutboxMessage
from engage.people import factors, second_factor
from engage.people.models import Person

NONCE = "a nonce for tests"


def mailed(session: Session, email: str) -> list[str]:
    """Return the subjects of what was promised to an address, oldest first."""
    chosen = (
        select(Mailing.subject)
        .join(OutboxMessage, OutboxMessage.mailing_id == Mailing.id)
        .where(OutboxMessage.recipient == email)
        .order_by(OutboxMessage.id)
    )
    return list(session.scalars(chosen))


def mailed_address(session: Session, email: str) -> str:
    """Return the way in of the last message with a key to an address: its path and query."""
    chosen = select(OutboxMessage.personal).where(OutboxMessage.recipient == email)
    personal = [each for each in session.scalars(chosen.order_by(OutboxMessage.id)) if "address" in each]
    parts = urlsplit(personal[-1]["address"])
    return f"{parts.path}?{parts.query}"


def mailed_secret(session: Session, email: str) -> str:
    """Return the secret of the last message with a key to an address."""
    return parse_qs(urlsplit(mailed_address(session, email)).query)["key"][0]


def code_of(person: Person, now: datetime) -> str:
    """Return what a person's app shows at a moment."""
    assert person.totp_nonce is not None
    return second_factor.code_at(second_factor.secret_of(person.totp_nonce), now)


def give_second_factor(session: Session, person: Person, now: datetime) -> list[str]:
    """Set up a second factor for somebody and return the recovery codes."""
    code = second_factor.code_at(second_factor.secret_of(NONCE), now)
    return factors.set_up(session, person_id=person.id, nonce=NONCE, code=code, now=now)[1]
