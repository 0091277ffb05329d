"""Words for the ways in which imported responses came."""

from __future__ import annotations

from collections.abc import Mapping

from engage.foundations.language import Text, lazy
from engage.responses.models import Channel

CHANNELS: Mapping[Channel, Text] = {
    Channel.PAPER: lazy("On paper"),
    Channel.TELEPHONE: lazy("By telephone"),
    Channel.WEB: lazy("On the web, with another tool"),
}
