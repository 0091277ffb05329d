"""How outcomes and the states of a delivery are said."""

from __future__ import annotations

from typing import NamedTuple

from engage.foundations.jobs import JobState
from engage.foundations.language import Text, lazy
from engage.plan_export.rules import Outcome


class Label(NamedTuple):
    """A word or two, and the colour of its tag."""

    name: Text
    colour: str


OUTCOMES = {
    Outcome.ADOPTED: Label(lazy("Adopted"), "green"),
    Outcome.IN_PART: Label(lazy("Adopted in part"), "yellow"),
    Outcome.NOT_ADOPTED: Label(lazy("Not adopted"), "purple"),
}

DELIVERIES = {
    JobState.QUEUED: Label(lazy("On its way"), "yellow"),
    JobState.DONE: Label(lazy("Reached"), "green"),
    JobState.DEAD: Label(lazy("Could not be reached"), "red"),
}
