"""How outcomes are said."""

from __future__ import annotations

from typing import NamedTuple

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

PARTS = {
    "said": lazy("What people said"),
    "decided": lazy("What was decided"),
    "reconciled": lazy("Why"),
    "easy_read": lazy("Easy read"),
}
