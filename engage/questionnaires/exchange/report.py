"""What an import found: the questionnaire, what became of each item, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engage.foundations.language import Text, lazy


class Source(StrEnum):
    """The formats that can be read."""

    OWN = "own"
    SURVEYJS = "surveyjs"
    XLSFORM = "xlsform"
    LIMESURVEY = "limesurvey"


SOURCES: Mapping[Source, Text] = {
    Source.OWN: lazy("A questionnaire exported here (.json)"),
    Source.SURVEYJS: lazy("SurveyJS (.json)"),
    Source.XLSFORM: lazy("XLSForm, as KoboToolbox and ODK use it (.xlsx)"),
    Source.LIMESURVEY: lazy("LimeSurvey (.lss)"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """An item of the file and what it became here. `where` is the file's own name for the place."""

    where: str
    label: str
    became: Text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that has no place here, and what was done instead."""

    where: str
    what: Text
    instead: Text


@dataclass(frozen=True, slots=True)
class Imported:
    """A questionnaire read from a file. Nothing is stored yet; `definition` is JSON that `parse` accepts."""

    source: Source
    code: str
    title: str
    privacy_notice: str
    definition: dict[str, Any]
    taken: tuple[Taken, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
