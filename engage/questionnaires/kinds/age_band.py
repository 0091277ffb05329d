"""How old somebody is, as a band: never a date of birth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import Setting, Shape
from engage.questionnaires.kinds.one_choice import OneChoice


@dataclass(frozen=True, kw_only=True)
class AgeBand(OneChoice):
    """Keeps {"chosen": code of the band}; `options` are the bands, with "prefer not to say" if wanted."""

    kind: ClassVar[str] = "age_band"
    name: ClassVar[Text] = lazy("Age band")
    what: ClassVar[Text] = lazy("How old people are, in bands, so that nobody has to give a date of birth.")
    settings: ClassVar[tuple[Setting, ...]] = (Setting("options", Shape.OPTIONS, lazy("The age bands")),)
