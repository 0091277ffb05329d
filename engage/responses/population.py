"""Who the made-up respondents are: drawn by lot, in the proportions of the census. Pure."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeAlias, TypeVar

from engage.boroughs.rules import OUTSIDE, UNDISCLOSED, Measure

Item = TypeVar("Item")
Census: TypeAlias = Mapping[Measure, Mapping[str, Mapping[str, int]]]
"""Residents by measure, area code and category."""

# The census counts infants too; of the youngest, one in twenty stands for those old enough to answer.
YOUNGEST = "0-15"
SHARE_OF_YOUNGEST = 0.05
SHARE_OUTSIDE = 0.03
SHARE_UNDISCLOSED = 0.04

# The census's categories in the codes of the equality questions, where the two differ.
AS_ANSWERED = {"0-15": "under_16", "65+": "65_plus"}


class Lot(Generic[Item]):
    """Draws one of `items`, each as often as its weight says. One draw takes one random number."""

    def __init__(self, weights: Mapping[Item, float]) -> None:
        self._items: Sequence[Item] = list(weights)
        self._ends = list(accumulate(weights.values()))

    def draw(self, chance: Random) -> Item:
        """Return one item."""
        return self._items[bisect(self._ends, chance.random() * self._ends[-1], 0, len(self._items) - 1)]

    def several(self, chance: Random, count: int) -> list[Item]:
        """Return `count` different items (all, where there are fewer), the one drawn first at the front."""
        wanted = min(count, len(self._items))
        drawn: dict[Item, None] = {}
        while len(drawn) < wanted:
            drawn[self.draw(chance)] = None
        return list(drawn)


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up respondent; `place` is how they name where they live."""

    area_code: str
    place: str
    age_band: str
    sex: str
    ethnic_group: str


@dataclass(frozen=True, slots=True)
class _Residents:
    place: str
    ages: Lot[str]
    sexes: Lot[str]
    ethnic_groups: Lot[str]


class Population:
    """London as the census found it, to draw respondents from.

    Age, sex and ethnic group follow the figures of the person's area, each by itself: the census figures
    that ship say nothing of how they go together.
    """

    def __init__(self, names: Mapping[str, str], census: Census) -> None:
        """`names` maps the code of each area that the census counts to its name."""
        ages = {area: _old_enough(counts) for area, counts in census[Measure.AGE_BAND].items()}
        figures = {**census, Measure.AGE_BAND: ages}
        self._residents = {
            area: _residents(name, {measure: figures[measure][area] for measure in Measure})
            for area, name in names.items()
        }
        london = _residents("London", {measure: _total(figures[measure]) for measure in Measure})
        self._residents |= {OUTSIDE: london, UNDISCLOSED: london}
        inside = {area: float(sum(ages[area].values())) for area in names}
        everybody = sum(inside.values()) / (1 - SHARE_OUTSIDE - SHARE_UNDISCLOSED)
        elsewhere = {OUTSIDE: everybody * SHARE_OUTSIDE, UNDISCLOSED: everybody * SHARE_UNDISCLOSED}
        self._areas = Lot({**inside, **elsewhere})

    def draw(self, chance: Random) -> Person:
        """Return one respondent."""
        area = self._areas.draw(chance)
        there = self._residents[area]
        return Person(
            area,
            there.place,
            there.ages.draw(chance),
            there.sexes.draw(chance),
            there.ethnic_groups.draw(chance),
        )


def _residents(place: str, figures: Mapping[Measure, Mapping[str, float]]) -> _Residents:
    lots = {
        measure: Lot({AS_ANSWERED.get(category, category): count for category, count in counts.items()})
        for measure, counts in figures.items()
    }
    return _Residents(place, lots[Measure.AGE_BAND], lots[Measure.SEX], lots[Measure.ETHNIC_GROUP])


def _old_enough(counts: Mapping[str, int]) -> dict[str, float]:
    return {
        category: count * (SHARE_OF_YOUNGEST if category == YOUNGEST else 1)
        for category, count in counts.items()
    }


def _total(by_area: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for counts in by_area.values():
        for category, count in counts.items():
            totals[category] = totals.get(category, 0) + count
    return totals
