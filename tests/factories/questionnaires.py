"""Questions as the shipped instruments ask them, over a few places."""

from __future__ import annotations

from engage.questionnaires import shipped
from engage.questionnaires.definitions import Definition, parse
from engage.questionnaires.kinds.base import Option

AREAS = (
    Option("E09000003", "Barnet"),
    Option("E09000007", "Camden"),
    Option("outside", "Outside London"),
    Option("undisclosed", "Prefer not to say"),
)


def shipped_definition(instrument: str) -> Definition:
    """Return the shipped definition of `full`, `postcard` or `business`, offering `AREAS`."""
    return parse(shipped.questionnaire(instrument, AREAS).definition)
