"""Priorities in one's own words, each with why it matters and what the police should do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import (
    Answer,
    Column,
    Given,
    Line,
    Problem,
    Question,
    Reading,
    Setting,
    Shape,
    one,
    too_long,
)

PARTS = ("priority", "why", "what")
MOST_SLOTS = 10
MOST_CHARACTERS = 20_000
SAID = {
    "priority": lazy("Priority"),
    "why": lazy("Why it matters"),
    "what": lazy("What the police should do"),
}


@dataclass(frozen=True, kw_only=True)
class PrioritiesOwnWords(Question):
    """Up to `at_most` priorities; the first is asked for, the reasons are welcome but optional.

    Keeps {"items": [{"priority", "why", "what"}]}; blank items in between close up.
    """

    kind: ClassVar[str] = "priorities_own_words"
    name: ClassVar[Text] = lazy("Priorities in people’s own words")
    what: ClassVar[Text] = lazy(
        "Up to so many priorities, each with why it matters and what the police should do."
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("at_most", Shape.NUMBER, lazy("How many people may write")),
    )

    at_most: int = 3
    priority_limit: int = 200
    reason_limit: int = 2000

    def faults(self) -> Iterator[str]:
        """There is room for a priority and for a reason."""
        limits = {"at_most": MOST_SLOTS, "priority_limit": MOST_CHARACTERS, "reason_limit": MOST_CHARACTERS}
        for name, most in limits.items():
            if not 1 <= (value := getattr(self, name)) <= most:
                yield f"{name} is {value}, not 1 to {most:,}"

    @property
    def first_field(self) -> str:
        """The first priority's own field."""
        return self.field(1, "priority")

    @property
    def slots(self) -> range:
        """The places for priorities, from 1."""
        return range(1, self.at_most + 1)

    def field(self, slot: int, part: str) -> str:
        """Return the name of the field for one part of the priority at `slot`."""
        return f"{self.code}-{slot}-{part}"

    def limit(self, part: str) -> int:
        """Return the most characters one part may have."""
        return self.priority_limit if part == "priority" else self.reason_limit

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep every priority written; a reason without a priority is asked about, never dropped."""
        items = []
        problems: list[Problem] = []
        for slot in self.slots:
            item = {part: one(given, self.field(slot, part)) for part in PARTS}
            for part in PARTS:
                problems.extend(too_long(self.field(slot, part), item[part], self.limit(part)))
            if item["priority"]:
                items.append(item)
            elif any(item.values()):
                problems.append(
                    Problem(self.field(slot, "priority"), lazy("Say which priority this is about."))
                )
        if self.required and not items and not problems:
            problems.append(Problem(self.first_field, lazy("Write at least one priority.")))
        if problems:
            return Reading(problems=tuple(problems))
        return Reading({"items": items} if items else None)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """A line for each part written."""
        return tuple(
            Line(lazy("%(part)s (%(slot)s)", part=SAID[part], slot=slot), item[part])
            for slot, item in enumerate(answer["items"], start=1)
            for part in PARTS
            if item[part]
        )

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """What was written, from the first place on."""
        return {
            self.field(slot, part): [item[part]]
            for slot, item in enumerate(answer["items"], 1)
            for part in PARTS
        }

    def columns(self) -> tuple[Column, ...]:
        """A column for each part of each priority."""
        return tuple(
            Column(self.field(slot, part), self._heading(slot, part)) for slot in self.slots for part in PARTS
        )

    def _heading(self, slot: int, part: str) -> Text:
        place = {"question": self.label, "part": SAID[part], "slot": slot}
        return lazy("%(question)s: %(part)s (%(slot)s)", **place)

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """Each part written."""
        return {
            self.field(slot, part): item[part]
            for slot, item in enumerate(answer["items"], 1)
            for part in PARTS
            if item[part]
        }
