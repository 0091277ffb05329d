"""How tiers and parts of plans are said to people, in plain English."""

from __future__ import annotations

from typing import NamedTuple

from engage.foundations.language import Text, lazy
from engage.timetable.rules import PlanPart, PlanTier


class PartText(NamedTuple):
    """A part of a plan's life: its name, and what happens in it."""

    name: Text
    meaning: Text


TIERS: dict[PlanTier, Text] = {
    PlanTier.NATIONAL: lazy("National"),
    PlanTier.FORCE: lazy("Police service"),
    PlanTier.AUTHORITY: lazy("Police authority"),
    PlanTier.PARTNERSHIP: lazy("Partnerships of the boroughs"),
}
PARTS: dict[PlanPart, PartText] = {
    PlanPart.PREPARING: PartText(lazy("Preparing"), lazy("Facts are gathered and a draft is written.")),
    PlanPart.CONSULTING: PartText(lazy("Asking"), lazy("People are asked.")),
    PlanPart.DECIDING: PartText(lazy("Deciding"), lazy("It is settled what the plan says.")),
    PlanPart.RUNNING: PartText(lazy("In force"), lazy("The plan is carried out.")),
    PlanPart.REPORTING: PartText(lazy("Reporting"), lazy("It is said how the plan went.")),
}
