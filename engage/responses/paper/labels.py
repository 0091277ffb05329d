"""Words for what became of forms, and for the ways their answers come."""

from __future__ import annotations

from collections.abc import Mapping

from engage.foundations.language import Text, lazy
from engage.responses.models import Channel
from engage.responses.paper.service import Outcome
from engage.responses.paper.sheets import Mark

CHANNELS: Mapping[Channel, Text] = {
    Channel.PAPER: lazy("On paper"),
    Channel.TELEPHONE: lazy("By telephone"),
}
OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.WAITING: lazy("waits for somebody else to type it again"),
    Outcome.DIFFERENT: lazy("was typed twice with differences, which somebody must settle"),
    Outcome.NOTHING: lazy("has nothing on it to count, and is not counted"),
    Outcome.COUNTED: lazy("is counted"),
}
MARKS: Mapping[Mark, Text] = {
    Mark.BLANK: lazy("Left blank on the form"),
    Mark.SPOILT: lazy("Spoilt or illegible: do not count it"),
}
