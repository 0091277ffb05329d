"""The life of a consultation: which state follows which, and what opening demands."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a consultation stands; the order is the order of its life."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    ANALYSED = "analysed"
    DECIDED = "decided"
    FED_BACK = "fed_back"
