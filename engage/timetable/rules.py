"""What an entry may say, and where it stands at a moment. Pure decisions on plain values."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """What a consultee may expect, in the corporate definitions of the 2010 mapping report."""

    COMMUNICATION = "communication"
    CONSULTATION = "consultation"
    ENGAGEMENT = "engagement"


class Duty(StrEnum):
    """The statutory duty an entry serves (report 7 of 4 October 2010, legal implications)."""

    COMMUNITY_VIEWS = "community_views"
    POLICING_OBJECTIVES = "policing_objectives"
    COMMUNITY_SAFETY = "community_safety"
    LOCAL_PARTNERSHIPS = "local_partnerships"
    NONE = "none"
