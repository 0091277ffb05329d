"""How the states of a message are said."""

from __future__ import annotations

from typing import NamedTuple

from engage.foundations.jobs import JobState
from engage.foundations.language import Text, lazy


class StateText(NamedTuple):
    """A state in plain words and the colour of its tag."""

    name: Text
    colour: str


STATES = {
    JobState.QUEUED: StateText(lazy("Waiting"), "yellow"),
    JobState.DONE: StateText(lazy("Sent"), "green"),
    JobState.DEAD: StateText(lazy("Given up"), "red"),
}
