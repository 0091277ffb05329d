"""Choosing priorities from a list, with room for one of one's own, in an order if one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from engage.foundations.language import Text, lazy
from engage.questionnaires.kinds.base import (
    NOT_OFFERED,
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
    refused,
    too_long,
)

OTHER = "other"
OTHER_PLACE = "other_place"
OTHER_LIMIT = 200
MOST_PLACES = 10
ORDINALS = {1: lazy("1st"), 2: lazy("2nd"), 3: lazy("3rd")}
# Codes that would make the id of an option the id of something else on the page.
TAKEN = frozenset({"hint", "error", "something-else", "other-conditional", "other-error", OTHER})


@dataclass(frozen=True, kw_only=True)
class PrioritiesList(Question):
    """Up to `at_most` of `options` (`exactly`: neither more nor fewer); `other` offers one in own words.

    The list starts at another place for each respondent (`rotation`), which the answer records, so that
    what stands first has no advantage and any advantage can be measured.
    Keeps {"chosen": [codes], "other": text or absent, "rotation": n}. The codes are in list order; where
    the person puts them in order (`ordered`) in theirs, and "other_place" is the place of "other", from 1.
    """

    kind: ClassVar[str] = "priorities_list"
    name: ClassVar[Text] = lazy("Priorities from a list")
    what: ClassVar[Text] = lazy(
        "People choose up to so many priorities from your list, which begins elsewhere for each of them."
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("options", Shape.OPTIONS, lazy("The priorities")),
        Setting("at_most", Shape.NUMBER, lazy("How many people may choose")),
        Setting(
            "exactly",
            Shape.YES_NO,
            lazy("Exactly so many"),
            lazy("People who choose fewer are asked for more. Most surveys let people choose fewer."),
        ),
        Setting(
            "ordered",
            Shape.YES_NO,
            lazy("In order"),
            lazy("People say which comes 1st, 2nd and 3rd. This takes them longer than ticking boxes."),
        ),
        Setting("other", Shape.YES_NO, lazy("Offer “Something else”")),
    )

    options: tuple[Option, ...]
    at_most: int = 3
    other: bool = True
    exactly: bool = False
    ordered: bool = False

    def faults(self) -> Iterator[str]:
        """There is enough to choose from, and each code is one thing."""
        most = min(len(self.options), MOST_PLACES) if self.ordered else len(self.options)
        if not 1 <= self.at_most <= most:
            yield f"at_most is {self.at_most}, not 1 to {most}"
        if self.other and any(option.code == OTHER for option in self.options):
            yield "options has the code “other”, which stands for “Something else”"

    @property
    def rotations(self) -> int:
        """As many orders as options."""
        return len(self.options)

    @property
    def first_field(self) -> str:
        """The first box, or the first priority's place."""
        return self.rank_field(self.options[0].code) if self.ordered else self.code

    @property
    def other_field(self) -> str:
        """The name of the text field of "something else"."""
        return f"{self.code}-other"

    def rank_field(self, code: str) -> str:
        """Return the name of the field for the place of a priority, or of "other"."""
        return f"{self.code}-rank-{code}"

    def option_id(self, option: Option) -> str:
        """Return the id of an option's box, which is nothing else's."""
        return f"{self.code}-{'-option-' if option.code in TAKEN else ''}{option.code}"

    @property
    def places(self) -> tuple[tuple[int, Text], ...]:
        """The places to give, with their names."""
        return tuple((place, _ordinal(place)) for place in range(1, self.at_most + 1))

    def shown(self, rotation: int) -> tuple[Option, ...]:
        """Return the options in the order this respondent sees."""
        start = rotation % len(self.options)
        return self.options[start:] + self.options[:start]

    def read(self, given: Given, rotation: int) -> Reading:
        """Keep the chosen codes once each; unknown codes, too many and places given twice are refused."""
        other = one(given, self.other_field) if self.other else ""
        if self.ordered:
            return self._read_places(given, rotation, other)
        sent = set(given.get(self.code) or ()) - {""}
        known = [option.code for option in self.options if option.code in sent]
        if problems := self._problems(sent, known, other):
            return Reading(problems=problems)
        if not known and not other:
            return Reading()
        answer: Answer = {"chosen": known, "rotation": rotation}
        return Reading(answer | {OTHER: other} if other else answer)

    def _problems(self, sent: set[str], known: list[str], other: str) -> tuple[Problem, ...]:
        wants_other = self.other and OTHER in sent
        if sent - set(known) - ({OTHER} if self.other else set()):
            return (Problem(self.first_field, NOT_OFFERED),)
        if wants_other and not other:
            return (Problem(self.other_field, lazy("Write what your other priority is, or untick it.")),)
        if problem := self._miscount(len(known) + bool(other)):
            return (Problem(self.first_field, problem),)
        return too_long(self.other_field, other, OTHER_LIMIT)

    def _miscount(self, count: int) -> Text | None:
        figures = {"limit": self.at_most, "count": count}
        if self.exactly and (count or self.required) and count != self.at_most:
            return lazy("Choose exactly %(limit)s. You chose %(count)s.", **figures)
        if count > self.at_most:
            return lazy("Choose no more than %(limit)s. You chose %(count)s.", **figures)
        return lazy("Choose at least one priority.") if self.required and not count else None

    def _read_places(self, given: Given, rotation: int, other: str) -> Reading:
        typed = {code: one(given, self.rank_field(code)) for code in self.marks}
        # A sheet has no selects: what is listed there under the question stands in its order.
        listed = [code for code in dict.fromkeys(given.get(self.code) or ()) if code]
        if listed and not any(typed.values()):
            return self._read_order(listed, rotation, other)
        names = {str(place): place for place, _ in self.places}
        for code, place in typed.items():
            if place and place not in names:
                return refused(self.rank_field(code), NOT_OFFERED)
        by_place: dict[int, str] = {}
        for code, place in typed.items():
            if place and by_place.setdefault(names[place], code) != code:
                return self._given_twice(by_place[names[place]], code, names[place])
        # A place left out between two others closes up.
        return self._read_order([by_place[place] for place in sorted(by_place)], rotation, other)

    def _read_order(self, order: list[str], rotation: int, other: str) -> Reading:
        if any(code not in self.marks for code in order):
            return refused(self.first_field, NOT_OFFERED)
        if problems := self._problems_of_order(order, other, self.shown(rotation)[0]):
            return Reading(problems=problems)
        if not order:
            return Reading()
        answer: Answer = {"chosen": [code for code in order if code != OTHER], "rotation": rotation}
        if OTHER in order:
            answer |= {OTHER: other, OTHER_PLACE: order.index(OTHER) + 1}
        return Reading(answer)

    def _given_twice(self, first: str, second: str, place: int) -> Reading:
        both = {"first": self._label(first), "second": self._label(second), "place": _ordinal(place)}
        message = lazy(
            "You put both “%(first)s” and “%(second)s” %(place)s. Give each its own place.", **both
        )
        return refused(self.rank_field(second), message)

    def _problems_of_order(self, order: list[str], other: str, first: Option) -> tuple[Problem, ...]:
        if other and OTHER not in order:
            missing = lazy("Give your other priority a place, or clear what you wrote.")
            return (Problem(self.rank_field(OTHER), missing),)
        if OTHER in order and not other:
            missing = lazy("Write what your other priority is, or take its place away.")
            return (Problem(self.other_field, missing),)
        if problem := self._miscount(len(order)):
            return (Problem(self.rank_field(first.code), problem),)
        return too_long(self.other_field, other, OTHER_LIMIT)

    def lines(self, answer: Answer) -> tuple[Line, ...]:
        """One line with the labels chosen, numbered where they are in order."""
        labels = [answer[OTHER] if code == OTHER else self._label(code) for code in self.chosen(answer)]
        if self.ordered:
            labels = [f"{place}. {label}" for place, label in enumerate(labels, 1)]
        return (Line(self.label, "\n".join(labels)),)

    def _label(self, code: str) -> str:
        return str(self.marks[code])

    @cached_property
    def marks(self) -> Mapping[str, Text]:
        """The priorities, and "something else" where it is offered."""
        other = {OTHER: lazy("Something else")} if self.other else {}
        return {option.code: option.label for option in self.options} | other

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The priorities chosen, in their order; "something else" last where there is none."""
        chosen = list(answer["chosen"])
        if answer.get(OTHER):
            chosen.insert(answer.get(OTHER_PLACE, len(chosen) + 1) - 1, OTHER)
        return tuple(chosen)

    def fields(self, answer: Answer) -> dict[str, list[str]]:
        """The boxes ticked or the places given, and the text of "something else"."""
        chosen = self.chosen(answer)
        other = {self.other_field: [answer[OTHER]]} if answer.get(OTHER) else {}
        if self.ordered:
            return {self.rank_field(code): [str(place)] for place, code in enumerate(chosen, 1)} | other
        return {self.code: list(chosen)} | other

    def columns(self) -> tuple[Column, ...]:
        """A column for each place, one for "something else" and one for the order of the list."""
        places = [
            Column(f"{self.code}-{place}", f"{self.label} ({place})") for place in range(1, self.at_most + 1)
        ]
        other = [Column(self.other_field, lazy("Something else"))] if self.other else []
        return (*places, *other, Column(f"{self.code}-rotation", lazy("The list began at")))

    def cells(self, answer: Answer) -> Mapping[str, str | int | float]:
        """The labels chosen, in the order kept; what else was written has a place only where there is one."""
        chosen = self.chosen(answer) if self.ordered else answer["chosen"]
        cells: dict[str, str | int | float] = {
            f"{self.code}-{place}": self._label(code) for place, code in enumerate(chosen, 1)
        }
        if answer.get(OTHER):
            cells[self.other_field] = answer[OTHER]
        cells[f"{self.code}-rotation"] = self.shown(answer["rotation"])[0].label
        return cells


def _ordinal(place: int) -> Text:
    return ORDINALS.get(place) or lazy("%(place)sth", place=place)
