"""How the states of a consultation are said to officers."""

from __future__ import annotations

from typing import NamedTuple

from engage.consultations.rules import State
from engage.foundations.language import Text, lazy


class StateText(NamedTuple):
    """A state in plain words: its name, the tag's colour, and what happens in it."""

    name: Text
    colour: str
    what: Text


STATES = {
    State.PLANNED: StateText(lazy("Planned"), "grey", lazy("Being prepared. Groups have not been told.")),
    State.ANNOUNCED: StateText(lazy("Announced"), "blue", lazy("Groups have been given notice.")),
    State.OPEN: StateText(lazy("Open"), "green", lazy("People can answer.")),
    State.CLOSED: StateText(lazy("Closed"), "yellow", lazy("Nobody can answer any more.")),
    State.ANALYSED: StateText(lazy("Analysed"), "orange", lazy("The answers have been counted and read.")),
    State.DECIDED: StateText(lazy("Decided"), "pink", lazy("Each top priority has a decision and a reason.")),
    State.FED_BACK: StateText(
        lazy("Fed back"), "purple", lazy("Everybody who took part can read what came of it.")
    ),
}
