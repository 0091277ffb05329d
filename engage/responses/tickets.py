"""The ticket inside a form: which form, by whose link, and what makes sending it twice harmless."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from engage.foundations.tokens import sign, unsign

PURPOSE = "ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One copy of a form, given to one browser; signed, so that group and version come from us alone.

    `link_id` and `group_id` are 0 for somebody who came without a group's link. `nonce` is the form's secret.
    """

    instrument_id: int
    version_id: int
    link_id: int
    group_id: int
    rotation: int
    nonce: str

    @property
    def key(self) -> bytes:
        """The 32 bytes under which this form's draft and response are stored; not the secret itself."""
        return hashlib.sha256(self.nonce.encode()).digest()

    def seal(self) -> str:
        """Return the ticket as the text a form carries."""
        return sign(
            [self.instrument_id, self.version_id, self.link_id, self.group_id, self.rotation, self.nonce],
            PURPOSE,
        )


def new_ticket(*, instrument_id: int, version_id: int, link_id: int, group_id: int, rotations: int) -> Ticket:
    """Return a ticket for a fresh copy of a form, with one of its `rotations` drawn by lot."""
    return Ticket(
        instrument_id, version_id, link_id, group_id, secrets.randbelow(rotations), secrets.token_urlsafe(16)
    )


def open_ticket(sealed: str) -> Ticket | None:
    """Return the ticket a form sent back, or None where it is not one of ours."""
    values = unsign(sealed, PURPOSE)
    return Ticket(*values) if isinstance(values, list) and len(values) == 6 else None
