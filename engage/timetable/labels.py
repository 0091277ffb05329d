"""How levels and states are said to people, in plain English.

The meanings answer what Members and groups asked of the 2010 definitions: plain words, what somebody who
takes part may expect, and that consultation and engagement go both ways.
"""

from __future__ import annotations

from typing import NamedTuple

from engage.foundations.language import Text, lazy
from engage.timetable.rules import EntryState, Level


class LevelText(NamedTuple):
    """A level in plain words: its name, what we do, and what you can expect."""

    name: Text
    meaning: Text
    expect: Text


class StateText(NamedTuple):
    """A state in plain words: for a tag, for a heading, and the tag's colour."""

    name: Text
    heading: Text
    colour: str


LEVELS = {
    Level.COMMUNICATION: LevelText(
        lazy("Communication"),
        lazy("We tell you about our plans, decisions or work."),
        lazy("You can read or hear it and ask us about it. We are not asking for your views this time."),
    ),
    Level.CONSULTATION: LevelText(
        lazy("Consultation"),
        lazy("We ask what you think about something that is not decided yet."),
        lazy(
            "Your answers are counted, and the people who decide see what was said. Afterwards we tell you "
            "what was decided, what changed because of you, and why other things did not change."
        ),
    ),
    Level.ENGAGEMENT: LevelText(
        lazy("Engagement"),
        lazy("We meet and work with you over time, and not only when there is something to decide."),
        lazy(
            "It goes both ways: you can raise what matters to you as well as answer our questions. We "
            "listen, do what we can together, and tell you what came of it."
        ),
    ),
}

STATES = {
    EntryState.OPEN: StateText(lazy("Open"), lazy("Open now"), "green"),
    EntryState.FORTHCOMING: StateText(lazy("Coming up"), lazy("Coming up"), "blue"),
    EntryState.CLOSED: StateText(lazy("Closed"), lazy("Closed"), "grey"),
    EntryState.FED_BACK: StateText(lazy("Fed back"), lazy("Closed, and feedback given"), "purple"),
}
