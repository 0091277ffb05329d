"""What the form of a new question says before anybody has typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engage.boroughs.models import Area
from engage.foundations.language import Text, lazy
from engage.questionnaires.models import Priority

AGE_BANDS: tuple[tuple[str, Text], ...] = (
    ("under_13", lazy("Under 13")),
    ("13_15", lazy("13 to 15")),
    ("16_17", lazy("16 or 17")),
    ("18_24", lazy("18 to 24")),
    ("25_34", lazy("25 to 34")),
    ("35_44", lazy("35 to 44")),
    ("45_54", lazy("45 to 54")),
    ("55_64", lazy("55 to 64")),
    ("65_74", lazy("65 to 74")),
    ("75_over", lazy("75 or over")),
    ("undisclosed", lazy("Prefer not to say")),
)
WORDS: dict[str, dict[str, Text]] = {
    "area": {
        "label": lazy("Where in London do you live?"),
        "hint": lazy("Your postcode tells us the borough. We keep the borough and forget the postcode."),
    },
    "age_band": {"label": lazy("How old are you?")},
    "organisation": {
        "label": lazy("Your organisation"),
        "name_label": lazy("Name of the organisation"),
        "speaks_for_label": lazy("How many people does it speak for?"),
        "agreed_label": lazy("How was this answer agreed?"),
    },
}


def beginning(kind: str, priorities: Sequence[Priority], places: Sequence[Area]) -> dict[str, Any]:
    """Return a new question of a kind as JSON: the framework's priorities, the boroughs, the usual words."""
    question: dict[str, Any] = {name: str(words) for name, words in WORDS.get(kind, {}).items()}
    if kind == "priorities_list":
        question["options"] = [{"code": one.code, "label": one.label} for one in priorities]
    elif kind == "area":
        question["options"] = [{"code": area.code, "label": area.name} for area in places]
    elif kind == "age_band":
        question["options"] = [{"code": code, "label": str(label)} for code, label in AGE_BANDS]
    return question
