"""The ticket inside a form: which form, by whose link, and what makes sending it twice harmless."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime

from engage.foundations.tokens import sign, unsign

PURPOSE = "ticket"
# Never in a random nonce, so that no form of its own is taken for one that changes a response.
CHANGES = "="


@dataclass(frozen=True, slots=True)
class Ticket:
    """One copy of a form, given to one browser; signed, so that group and version come from us alone.

    `link_id` and `group_id` are 0 for somebody who came without a group's link. `began` is when the form was
    given out, in whole minutes since 1970. `nonce` is the form's secret; of a form that changes a stored
    response it is that response's key. `invitation`: the hash (hex) of the panel invitation that sending it
    uses up, empty without one. Nothing else follows from it, the receipt least of all.
    """

    instrument_id: int
    version_id: int
    link_id: int
    group_id: int
    rotation: int
    began: int
    nonce: str
    invitation: str = ""

    @property
    def key(self) -> bytes:
        """The 32 bytes under which this form's draft and response are stored; not the secret itself."""
        return hashlib.sha256(self.nonce.encode()).digest()

    def seal(self) -> str:
        """Return the ticket as the text a form carries."""
        values = astuple(self)
        return sign(list(values if self.invitation else values[:-1]), PURPOSE)

    @property
    def changes(self) -> bytes | None:
        """The key of the stored response that this form changes, None for a form of its own."""
        return bytes.fromhex(self.nonce[1:]) if self.nonce.startswith(CHANGES) else None

    @property
    def began_at(self) -> datetime:
        """When the form was given out, to the minute."""
        return datetime.fromtimestamp(self.began * 60, UTC)


def new_ticket(
    *,
    instrument_id: int,
    version_id: int,
    link_id: int,
    group_id: int,
    rotations: int,
    now: datetime,
    invitation: str = "",
) -> Ticket:
    """Return a ticket for a fresh copy of a form, with one of its `rotations` drawn by lot."""
    rotation = secrets.randbelow(rotations)
    nonce = secrets.token_urlsafe(16)
    return Ticket(instrument_id, version_id, link_id, group_id, rotation, _minute(now), nonce, invitation)


def change_ticket(*, instrument_id: int, version_id: int, rotation: int, key: bytes, now: datetime) -> Ticket:
    """Return a ticket for changing the stored response with this submission key.

    Its holder has shown the receipt code; the ticket holds only what is stored of it.
    """
    return Ticket(instrument_id, version_id, 0, 0, rotation, _minute(now), f"{CHANGES}{key.hex()}")


def ticket_again(
    *,
    instrument_id: int,
    version_id: int,
    link_id: int,
    group_id: int,
    rotation: int,
    began_at: datetime,
    nonce: str,
    invitation: str = "",
) -> Ticket:
    """Return the ticket of a form whose draft was kept: the very same that was given out with it."""
    return Ticket(
        instrument_id, version_id, link_id, group_id, rotation, _minute(began_at), nonce, invitation
    )


def open_ticket(sealed: str) -> Ticket | None:
    """Return the ticket a form sent back, or None where it is not one of ours."""
    values = unsign(sealed, PURPOSE)
    known = isinstance(values, list) and 0 <= len(fields(Ticket)) - len(values) <= 1
    return Ticket(*values) if known else None


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60
