"""The boxes of the filter form: what can be chosen in each, and what is chosen now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engage.foundations.language import Text, lazy
from engage.groups.rules import COMMUNITIES
from engage.timetable.asked import Choices, View
from engage.timetable.labels import LEVELS, METHODS, STATES, TOPICS


@dataclass(frozen=True, slots=True)
class Pick:
    """One box: its part of the address, its label, what it says where nothing is chosen, and its options."""

    name: str
    label: Text
    everything: Text
    options: Sequence[tuple[str, Text]]
    hint: Text = ""


def picks() -> tuple[Pick, ...]:
    """Return the boxes whose options the program itself knows."""
    return (
        Pick("state", lazy("When"), lazy("Any time"), _pairs((k, v.heading) for k, v in STATES.items())),
        Pick("topic", lazy("About"), lazy("Anything"), _pairs(TOPICS.items())),
        Pick("audience", lazy("Who is asked"), lazy("Anybody"), _pairs(COMMUNITIES.items())),
        Pick("method", lazy("How"), lazy("Any way"), _pairs(METHODS.items())),
        Pick("level", lazy("What kind"), lazy("Any kind"), _pairs((k, v.name) for k, v in LEVELS.items())),
    )


def boxes(view: View, known: Choices) -> list[tuple[Pick, str]]:
    """Return every box of the form with what is chosen in it, empty where nothing is."""
    where = Pick(
        "borough",
        lazy("Where"),
        lazy("Anywhere in London"),
        _pairs((area.code, area.name) for area in known.areas),
        lazy("What all of London is asked is always shown."),
    )
    who = Pick(
        "organisation",
        lazy("Who asks"),
        lazy("Any organisation"),
        _pairs((name, name) for name in known.organisations),
    )
    duty = Pick(
        "duty",
        lazy("Which duty it serves"),
        lazy("Any"),
        _pairs((code, name.name) for code, name in known.duties.items()),
    )
    asked = view.asked()
    return [(pick, asked.get(pick.name, "")) for pick in (where, *picks(), who, duty)]


def _pairs(pairs: Iterable[tuple[str, Text]]) -> tuple[tuple[str, Text], ...]:
    return tuple((str(value), text) for value, text in pairs)
