"""The description of the JSON feed (JSON Schema 2020-12), made from the same enums as the feed itself."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from engage.groups.rules import Community
from engage.timetable.rules import EntryState, Level, Method, Repeats, Topic

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Goes up when a part is taken away or changes its meaning; new parts may come at any time.
VERSION = 1

_TEXT = {"type": "string"}
_UUID = {"type": "string", "format": "uuid"}
_ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://"}
_MOMENT = {"type": "string", "format": "date-time", "pattern": "Z$"}
_DAY = {"type": "string", "format": "date"}
_YEAR = {"type": "integer", "minimum": 2000, "maximum": 2099}


def schema(itself: str) -> dict[str, Any]:
    """Return the schema; `itself` is its address."""
    top: dict[str, Any] = {
        "$schema": _ADDRESS,
        "version": {"const": VERSION},
        "title": _said(_TEXT, "What the feed shows, in words."),
        "publisher": _said(_TEXT, "The authority whose timetable it is."),
        "language": _said(_TEXT, "The language of the texts, such as en-GB."),
        "page": _said(_ADDRESS, "The page of the same view."),
        "feed": _said(_ADDRESS, "The address of this feed."),
        "changed_at": _said(_MOMENT, "When anything in the timetable last changed."),
        "view": _said({"type": "object", "additionalProperties": _TEXT}, "The filters that were asked for."),
        "entries": {"type": "array", "items": {"$ref": "#/$defs/entry"}},
    }
    return {
        "$schema": DIALECT,
        "$id": itself,
        "title": "Timetable of consultation and engagement",
        "description": "Public entries of the timetable, the first to open first. Texts are plain text.",
        **_object(top),
        "$defs": {"entry": _object(_entry())},
    }


def _entry() -> dict[str, Any]:
    return {**_who_and_what(), **_how(), **_when()}


def _who_and_what() -> dict[str, Any]:
    duty = _object({"code": _TEXT, "name": _TEXT, "law": _TEXT})
    borough = _object({"code": {"type": "string", "pattern": "^E09[0-9]{6}$"}, "name": _TEXT})
    return {
        "id": _said(_UUID, "Names the entry for good, here and in the calendar."),
        "page": _said(_ADDRESS, "The page of the entry."),
        "title": {"type": "string", "minLength": 1},
        "organisation": _said(_TEXT, "Who asks."),
        "state": _said(_one_of(EntryState), "Where it stands now."),
        "level": _said(_one_of(Level), "What somebody who takes part may expect."),
        "duty": _or_none(duty, "The statutory duty it serves; null: none."),
        "borough": _or_none(borough, "Where it is asked; null: all of London."),
        "topics": _many_of(Topic),
        "methods": _many_of(Method),
        "audiences": _said(_many_of(Community), "Whom it asks."),
    }


def _how() -> dict[str, Any]:
    return {
        **dict.fromkeys(("purpose", "can_change", "cannot_change"), _TEXT),
        "audience": _said(_TEXT, "Whom it asks, in words."),
        "method": _said(_TEXT, "How people are asked, in words."),
        "how_to_take_part": _TEXT,
        "web_address": _or_none(_ADDRESS, "Where to take part, for what is run elsewhere."),
        "run_here": _said({"type": "boolean"}, "Whether people answer on this site."),
        "decision_maker": _TEXT,
        "consultation_year": _YEAR,
        "plan_year": _or_none(_YEAR, "The year of the plan that it feeds."),
        "repeats": _one_of(Repeats),
    }


def _when() -> dict[str, Any]:
    return {
        "notice_given_on": _or_none(_DAY, "When groups were told."),
        "urgent_reason": _said(_TEXT, "Why groups had less than three months' notice; empty: they had them."),
        "opens_at": _MOMENT,
        "closes_at": _said(_MOMENT, "The first moment when nobody can answer any more."),
        "last_day": _said(_DAY, "The last day to answer, by London's calendar."),
        "opened_at": _or_none(_MOMENT, "When it was opened; null for what is run elsewhere."),
        "closed_at": _or_none(_MOMENT, "When it was closed; null for what is run elsewhere."),
        "decision_due_on": _or_none(_DAY, "When it is to be decided."),
        "feedback_on": _or_none(_DAY, "When feedback was given, or else by when it is due."),
        "fed_back_at": _or_none(_MOMENT, "When feedback was given."),
        "cancelled_at": _or_none(_MOMENT, "When it was cancelled; it stays in the feed."),
        "cancelled_reason": _TEXT,
        "changed_at": _MOMENT,
        "number_of_changes": {"type": "integer", "minimum": 0},
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _said(part: dict[str, Any], words: str) -> dict[str, Any]:
    return {**part, "description": words}


def _or_none(part: dict[str, Any], words: str) -> dict[str, Any]:
    return {"anyOf": [part, {"type": "null"}], "description": words}


def _one_of(kind: type[StrEnum]) -> dict[str, Any]:
    return {"enum": _values(kind)}


def _many_of(kind: type[StrEnum]) -> dict[str, Any]:
    return {"type": "array", "items": _one_of(kind), "uniqueItems": True}


def _values(kind: Iterable[StrEnum]) -> list[str]:
    return [member.value for member in kind]
