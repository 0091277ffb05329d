"""Roles, and the pages each role is admitted to."""

from __future__ import annotations

from enum import StrEnum

from engage.foundations.pages import Audience


class Role(StrEnum):
    """What a person with an account does here."""

    ADMINISTRATOR = "administrator"
    PLANNING_OFFICER = "planning_officer"
    COORDINATOR = "coordinator"


def audiences(role: Role) -> frozenset[Audience]:
    """Return the audiences of pages that admit `role`. Administrators do all that officers do."""
    if role is Role.COORDINATOR:
        return frozenset({Audience.SIGNED_IN, Audience.COORDINATORS})
    officer = {Audience.SIGNED_IN, Audience.OFFICERS}
    return frozenset(officer | {Audience.ADMINISTRATORS} if role is Role.ADMINISTRATOR else officer)
