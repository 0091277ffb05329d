"""What the kinds of group are called."""

from __future__ import annotations

from collections.abc import Mapping

from engage.foundations.language import Text, lazy

KINDS: Mapping[str, Text] = {
    "cpeg": lazy("Community Police Engagement Group"),
    "member_group": lazy("Member group"),
    "voluntary": lazy("Voluntary organisation"),
    "safer_neighbourhoods_panel": lazy("Safer Neighbourhoods panel"),
    "advisory_group": lazy("Independent advisory group"),
    "business_forum": lazy("Business forum"),
    "youth": lazy("Youth group"),
    "faith": lazy("Faith group"),
}
