"""What may be decided, and when."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What was decided on a priority."""

    ADOPTED = "adopted"
    IN_PART = "in_part"
    NOT_ADOPTED = "not_adopted"
