"""Roles and the pages each is admitted to; what a password must be; how often one may try."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from engage.foundations.language import Text, lazy
from engage.foundations.pages import Audience


class Role(StrEnum):
    """What a person with an account does here."""

    ADMINISTRATOR = "administrator"
    PLANNING_OFFICER = "planning_officer"
    ANALYST = "analyst"
    MEMBER = "member"
    COORDINATOR = "coordinator"


_READER = frozenset({Audience.SIGNED_IN, Audience.READERS})
_ANALYST = _READER | {Audience.ANALYSTS}
_OFFICER = _ANALYST | {Audience.OFFICERS}

_AUDIENCES: Mapping[Role, frozenset[Audience]] = {
    Role.ADMINISTRATOR: _OFFICER | {Audience.ADMINISTRATORS},
    Role.PLANNING_OFFICER: _OFFICER,
    Role.ANALYST: _ANALYST,
    Role.MEMBER: _READER,
    Role.COORDINATOR: frozenset({Audience.SIGNED_IN, Audience.COORDINATORS}),
}


def audiences(role: Role) -> frozenset[Audience]:
    """Return the audiences of pages that admit `role`. Administrators do all that officers do."""
    return _AUDIENCES[role]


ROLES: Mapping[Role, Text] = {
    Role.ADMINISTRATOR: lazy("Administrator"),
    Role.PLANNING_OFFICER: lazy("Planning officer"),
    Role.ANALYST: lazy("Analyst"),
    Role.MEMBER: lazy("Member of the authority"),
    Role.COORDINATOR: lazy("Coordinator"),
}


class KeyPurpose(StrEnum):
    """What a mailed secret lets its holder do."""

    JOIN = "join"
    RESET = "reset"


SHORTEST_PASSWORD = 12
# So that hashing stays bounded; nobody types more.
LONGEST_PASSWORD = 200

# Failures are counted for an address and a name together, so that a stranger's tries from elsewhere never
# keep out the person who has that name; and for the address alone, so that trying many names is slow too.
TRIES_FOR_ONE_NAME = 10
TRIES_FROM_ONE_ADDRESS = 100


def password_problem(password: str, email: str) -> Text | None:
    """Return why `password` will not do for the account of `email`, or None where it will."""
    if len(password) < SHORTEST_PASSWORD:
        return lazy("Enter a password of at least %(n)s characters", n=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return lazy("Enter a password of at most %(n)s characters", n=LONGEST_PASSWORD)
    if password.strip().lower() == email.strip().lower():
        return lazy("Enter a password that is not the email address")
    if len(set(password)) == 1:
        return lazy("Enter a password of more than one character repeated")
    return None


def safe_next(address: str | None) -> str | None:
    """Return `address` where it is a page of this site (`/officer/?page=2`), else None.

    Browsers read a backslash as a slash and drop control characters, so neither may appear.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or not address.isprintable() or " " in address:
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
