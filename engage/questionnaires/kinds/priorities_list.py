"""Priorities from a fixed list: at most so many, whatever the browser sends, with "something else"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engage.foundations.language import lazy
from engage.questionnaires.kinds.base import (
    Answer,
    Given,
    Line,
    Option,
    Problem,
    Question,
    Reading,
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
