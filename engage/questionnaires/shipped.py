"""What comes with the platform as data files: questionnaires, framework, privacy notice, equality block."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import Option, Question

FRAMEWORK = "framework-2028.json"
INSTRUMENTS = ("full", "postcard", "business")
EQUALITY = "equality-2026-1.json"


@dataclass(frozen=True, slots=True)
class ShippedQuestionnaire:
    """A questionnaire as shipped; `definition` is JSON, with the places to choose already filled in."""

    code: str
    title: str
    definition: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EqualityBlock:
    """The optional questions asked once the answers are stored, with the version they are kept under."""

    version: str
    questions: tuple[Question, ...]


def read_json(name: str) -> Any:
    """Return the content of one of this package's data files."""
    return json.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))


def questionnaire(instrument: str, areas: Sequence[Option]) -> ShippedQuestionnaire:
    """Return the shipped questionnaire of an instrument, offering `areas` wherever it asks for a place."""
    data = read_json(f"instrument-{instrument}.json")
    return ShippedQuestionnaire(data["code"], data["title"], with_areas(data["definition"], areas))


def with_areas(definition: dict[str, Any], areas: Sequence[Option]) -> dict[str, Any]:
    """Return `definition` offering `areas` wherever its options are the word "areas"."""
    places = [{"code": area.code, "label": area.label} for area in areas]

    def placed(question: dict[str, Any]) -> dict[str, Any]:
        return question | {"options": places} if question.get("options") == "areas" else question

    pages = [
        page | {"questions": [placed(one) for one in page["questions"]]} if "questions" in page else page
        for page in definition["pages"]
    ]
    return definition | {"pages": pages}


def privacy_notice() -> str:
    """Return the privacy notice that is given with the shipped questionnaires."""
    return files(__package__).joinpath("data", "privacy-notice.txt").read_text(encoding="utf-8")


@cache
def equality_block() -> EqualityBlock:
    """Return the equality questions in use."""
    data = read_json(EQUALITY)
    return EqualityBlock(
        data["version"], tuple(KINDS[question["kind"]].from_json(question) for question in data["questions"])
    )
