"""Whether some answers make conditions hold or fail together, found without trying every answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engage.questionnaires.conditions import AllOf, AnyOf, Condition, Leaf, Not
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.possible import possible

Demand: TypeAlias = tuple[Condition, bool]
"""A condition, and whether it should hold."""

Findings: TypeAlias = dict[Leaf, bool]
"""What answers must be like, leaf by leaf; what is absent may be as it likes."""


class OutOfStepsError(Exception):
    """The search was given up before an answer was known."""


# Nobody waits longer, and no call is nested deeper.
STEPS = 100_000
MOST_FOUND = 700


@dataclass
class Solver:
    """Looks for answers to `questions` (by code); gives up after so many steps, counted over its whole life.

    A leaf with a meaning stands for another condition, and asks nothing of an answer itself.
    """

    questions: Mapping[str, Question]
    meanings: Mapping[Leaf, Condition] = field(default_factory=dict)
    steps: int = STEPS
    _known: dict[tuple[str, frozenset[tuple[Leaf, bool]]], bool] = field(default_factory=dict)

    def solve(self, demands: Iterable[Demand], found: Findings | None = None) -> Findings | None:
        """Return what answers must be like for every demand to be met, None where no answers meet them.

        `found`: what they must be like at any rate. Raises `OutOfStepsError`.
        """
        return self._search(list(demands)[::-1], dict(found or {}), [])

    def _search(self, demands: list[Demand], found: Findings, open_: list[list[Demand]]) -> Findings | None:
        """Meet `demands`, then one part of each list in `open_`."""
        while demands:
            self._count(found)
            for leaf, wanted in _taken_apart(demands.pop(), open_):
                if leaf in self.meanings and leaf not in found:
                    demands.append((self.meanings[leaf], wanted))
                if found.setdefault(leaf, wanted) is not wanted or not self._fits(leaf, found):
                    return None
            if not demands:
                left = self._settle(open_, found)
                if left is None:
                    return None
                open_ = [parts for parts in left if len(parts) > 1]
                demands = [parts[0] for parts in left if len(parts) == 1]
        if not open_:
            return found
        choice = min(open_, key=len)
        rest = [parts for parts in open_ if parts is not choice]
        for part in choice:
            if (met := self._search([part], dict(found), list(rest))) is not None:
                return met
        return None

    def _settle(self, open_: list[list[Demand]], found: Findings) -> list[list[Demand]] | None:
        """Return the lists of which nothing is met yet, without what has failed; None if all of one has."""
        left = []
        for parts in open_:
            self._count(found)
            met = [(part, meets(part, found)) for part in parts]
            if any(is_met for _, is_met in met):
                continue
            undecided = [part for part, is_met in met if is_met is None]
            if not undecided:
                return None
            left.append(undecided)
        return left

    def _fits(self, leaf: Leaf, found: Findings) -> bool:
        """Tell whether an answer to the leaf's question is as found so far."""
        if leaf in self.meanings:
            return True
        wanted = {one: hold for one, hold in found.items() if one.question == leaf.question}
        key = (leaf.question, frozenset(wanted.items()))
        if key not in self._known:
            self._known[key] = possible(self.questions[leaf.question], wanted)
        return self._known[key]

    def _count(self, found: Findings) -> None:
        self.steps -= 1
        if self.steps < 0 or len(found) > MOST_FOUND:
            raise OutOfStepsError


def meets(demand: Demand, found: Findings) -> bool | None:
    """Tell whether a demand is met by what is found, None where that is not decided yet."""
    condition, wanted = demand
    holds = _holds(condition, found)
    return None if holds is None else holds is wanted


def _holds(condition: Condition, found: Findings) -> bool | None:
    match condition:
        case Not(part):
            holds = _holds(part, found)
            return None if holds is None else not holds
        case AllOf(parts) | AnyOf(parts):
            decides = isinstance(condition, AnyOf)
            values = [_holds(part, found) for part in parts]
            if decides in values:
                return decides
            return None if None in values else not decides
        case _:
            return found.get(condition)


def _taken_apart(demand: Demand, open_: list[list[Demand]]) -> list[tuple[Leaf, bool]]:
    """Return the leaves that a demand settles; lists of which one part must be met go to `open_`."""
    leaves: list[tuple[Leaf, bool]] = []
    todo = [demand]
    while todo:
        condition, wanted = todo.pop()
        match condition:
            case Not(part):
                todo.append((part, not wanted))
            case AllOf(parts) | AnyOf(parts):
                demands = [(part, wanted) for part in parts]
                if isinstance(condition, AllOf) is wanted:
                    todo.extend(reversed(demands))
                else:
                    open_.append(demands)
            case _:
                leaves.append((condition, wanted))
    return leaves
