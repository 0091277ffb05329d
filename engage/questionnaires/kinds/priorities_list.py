"""Priorities from a fixed list: at most so many, whatever the browser sends, with "something else"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import (
    Answer,
    Column,
    Given,
    Line,
    Option,
    Problem,
    Question,
    Reading,
    Setting,
    Shape,
    one,
    too_long,
)

OTHER = "other"
OTHER_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class PrioritiesList(Question):
    """Up to `at_most` of `options`; `other` offers one more in the person's own words.

    The list starts at another place for each respondent (`rotation`), which the answer records, so that
    what stands first has no advantage and any advantage can be measured.
    Keeps {"chosen": [codes in list order], "other": text or absent, "rotation": n}.
    """

    kind: ClassVar[str] = "priorities_list"
    name: ClassVar[Text] = lazy("Priorities from a list")
    what: ClassVar[Text] = lazy(
        "People choose up to so many priorities from your list, which begins elsewhere for each of them."
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("options", Shape.OPTIONS, lazy("The priorities")),
        Setting("at_most", Shape.NUMBER, lazy("How many people may choose")),
        Setting("other", Shape.YES_NO, lazy("Offer “Something else”")),
    )

    options: tuple[Option, ...]
    at_most: int = 3
    other: bool = True

    @property
    def rotations(self) -> int:
        """As many orders as options."""
        return len(self.options)

    @property
    def other_field(self) -> str:
        """The name of the text field of "something else"."""
        return f"{self.code}-other"

    def shown(self, rotation: int) -> tuple[Option, ...]:
        """Return the options in the order this respondent sees."""
        start = rotation % len(self.options)
        return self.options[start:] + self.options[:start]

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the chosen codes once each; unknown codes and too many are refused."""
        sent = set(given.get(self.code) or ())
        other = one(given, self.other_field) if self.other else ""
        known = [option.code for option in self.options if option.code in sent]
        problems = self._problems(sent, known, other)
        if problems:
            return Reading(problems=problems)
        if not known and not other:
            return Reading()
        answer: Answer = {"chosen": known, "rotation": rotation}
        if other:
            answer[OTHER] = other
        return Reading(answer)

    def _problems(self, sent: set[str], known: list[str], other: str) -> tuple[Problem, ...]:
        wants_other = self.other and OTHER in sent
        if sent - set(known) - ({OTHER} if self.other else set()):
            return (Problem(self.first_field, lazy("Choose from the list on this page.")),)
        if wants_other and not other:
            return (Problem(self.other_field, lazy("Write what your other priority is, or untick it.")),)
        count = len(known) + bool(other)
        if count > self.at_most:
            return (
                Problem(
                    self.first_field,
                    lazy(
                        "Choose no more than %(limit)s. You chose %(count)s.", limit=self.at_most, count=count
                    ),
                ),
            )
        if self.required and not count:
            return (Problem(self.first_field, lazy("Choose at least one priority.")),)
        return too_long(self.other_field, other, OTHER_LIMIT)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """One line with the labels chosen."""
        labels = {option.code: option.label for option in self.options}
        chosen = [labels[code] for code in answer["chosen"]]
        if OTHER in answer:
            chosen.append(answer[OTHER])
        return (Line(self.label, "\n".join(chosen)),)

    @property
    def marks(self) -> Mapping[str, Text]:
        """The priorities, and "something else" where it is offered."""
        other = {OTHER: lazy("Something else")} if self.other else {}
        return {option.code: option.label for option in self.options} | other

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The priorities chosen."""
        return (*answer["chosen"], *([OTHER] if answer.get(OTHER) else ()))

    def columns(self) -> tuple[Column, ...]:
        """A column for each place, one for "something else" and one for the order of the list."""
        places = [
            Column(f"{self.code}-{place}", f"{self.label} ({place})") for place in range(1, self.at_most + 1)
        ]
        other = [Column(self.other_field, lazy("Something else"))] if self.other else []
        return (*places, *other, Column(f"{self.code}-rotation", lazy("The list began at")))

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The labels chosen, in the order kept."""
        cells: dict[str, str | int | float] = {
            f"{self.code}-{place}": str(self.marks[code]) for place, code in enumerate(answer["chosen"], 1)
        }
        if answer.get(OTHER):
            cells[self.other_field] = answer[OTHER]
        cells[f"{self.code}-rotation"] = self.shown(answer["rotation"])[0].label
        return cells
