"""Questionnaires to begin from: the instruments that ship, and templates for what groups and officers ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from engage.boroughs.shipped import shipped_areas
from engage.foundations.language import Text, lazy
from engage.questionnaires import shipped
from engage.questionnaires.kinds.base import Option

# The instruments say who they are for, not what one begins from them for.
_INSTRUMENTS: dict[str, Text] = {
    "full": lazy(
        "Up to three priorities in people’s own words, each with why and what the police should do."
    ),
    "postcard": lazy("Up to three priorities from a list, on one page. For events and for the street."),
    "business": lazy("Priorities from a list for businesses, with what happened at theirs."),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A questionnaire to begin from; `what` says in a sentence what it is for, `definition` is JSON."""

    code: str
    title: str
    what: Text
    definition: dict[str, Any]


@cache
def shipped_templates() -> tuple[Template, ...]:
    """Return the instruments of the priorities exercise, then the templates by title. Change copies only."""
    return (*(_instrument(code, what) for code, what in _INSTRUMENTS.items()), *_templates())


def _instrument(code: str, what: Text) -> Template:
    found = shipped.questionnaire(code, _areas())
    return Template(found.code, found.title, what, found.definition)


def _templates() -> list[Template]:
    names = [
        entry.name
        for entry in files(__package__).joinpath("data").iterdir()
        if entry.name.startswith("template-") and entry.name.endswith(".json")
    ]
    templates = []
    for name in names:
        data = shipped.read_json(name)
        definition = shipped.with_areas(data["definition"], _areas())
        templates.append(Template(data["code"], data["title"], lazy(data["what"]), definition))
    return sorted(templates, key=lambda template: (template.title, template.code))


def _areas() -> list[Option]:
    return [Option(code, name) for code, name in shipped_areas()]
