"""Roles and the pages each is admitted to; what a password must be; how often one may try."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
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


ROLE_HINTS: Mapping[str, Text] = {
    Role.ADMINISTRATOR: lazy("Does everything planning officers do, and looks after accounts."),
    Role.PLANNING_OFFICER: lazy("Runs the timetable, the groups and the consultations."),
    Role.ANALYST: lazy("Reads what Members read; codes, counts and exports the answers."),
    Role.MEMBER: lazy("Reads the timetable, the groups, results, decisions and feedback. Changes nothing."),
    Role.COORDINATOR: lazy("Looks after one group and those below it, and sees nothing of others."),
}


class KeyPurpose(StrEnum):
    """What a mailed secret lets its holder do."""

    JOIN = "join"
    RESET = "reset"


# For how long each is good.
KEY_LASTS: Mapping[KeyPurpose, timedelta] = {
    KeyPurpose.JOIN: timedelta(days=7),
    KeyPurpose.RESET: timedelta(hours=3),
}
# Messages with a key to a new password that one person is sent within the time such a key is good. The keys
# of those before stay good, so that nobody who asks in another's name keeps that person out.
MOST_RESETS = 3


class Standing(StrEnum):
    """How it stands with an account."""

    ACTIVE = "active"
    INVITED = "invited"
    LAPSED = "lapsed"
    ENDED = "ended"


STANDINGS: Mapping[Standing, Text] = {
    Standing.ACTIVE: lazy("Can sign in"),
    Standing.INVITED: lazy("Invited"),
    Standing.LAPSED: lazy("Invitation ran out"),
    Standing.ENDED: lazy("Closed"),
}


def standing(*, active: bool, joined: bool, invited_until: datetime | None, now: datetime) -> Standing:
    """Return how it stands with an account whose last invitation is good until a moment, None for none."""
    if not active:
        return Standing.ENDED
    if joined:
        return Standing.ACTIVE
    return Standing.INVITED if invited_until is not None and now < invited_until else Standing.LAPSED


# Those who see what is not published, or change what everybody sees.
_MUST_HAVE_TWO = frozenset({Role.ADMINISTRATOR, Role.PLANNING_OFFICER, Role.ANALYST, Role.MEMBER})


def needs_second_factor(role: Role, *, required: bool) -> bool:
    """Tell whether `role` must have a second factor where the installation requires one."""
    return required and role in _MUST_HAVE_TWO


SHORTEST_PASSWORD = 12
# So that hashing stays bounded; nobody types more.
LONGEST_PASSWORD = 200

# Failures are counted for an address and a name together, so that a stranger's tries from elsewhere never
# keep out the person who has that name; and for the address alone, so that trying many names is slow too.
TRIES_FOR_ONE_NAME = 10
TRIES_FROM_ONE_ADDRESS = 100
# Codes of an app are six digits, and guessed at only by who has the password already: they are counted for
# the person as well, wherever they come from. Recovery codes are too long to guess, so whoever is kept from
# the one for a while can still use the other.
CODES_FOR_ONE_PERSON = 30

RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 12
# How long may pass between the password and the code.
HALFWAY_LASTS = timedelta(minutes=15)


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
