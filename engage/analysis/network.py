"""What somebody can work out from a published table: exact bounds of a withheld count, by network flow.

A two-way table is a network: a node for each row and each column, and each withheld count is an arc from its
row to its column. A change of withheld counts that leaves every published sum as it is, is a circulation in
that network. So a count can be larger by as much as can flow back from its column to its row through the
other withheld counts, and because the network is whole-numbered, so is that bound: it is exact, where working
through rows and columns one after the other only comes near it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

Node: TypeAlias = Hashable
Name: TypeAlias = Hashable
Step: TypeAlias = tuple["Arc", int]

UNBOUNDED = 10**12


@dataclass(frozen=True, slots=True)
class Arc:
    """A count that a reader does not know: it may be `more` larger or `fewer` smaller than it is.

    Raising it flows from `tail` to `head`. An arc with a `cost` is published still, and can be withheld at
    that cost.
    """

    name: Name
    tail: Node
    head: Node
    more: int
    fewer: int
    cost: int = 0


class Network:
    """The counts a reader does not know, and those that could be withheld too."""

    def __init__(self) -> None:
        self.arcs: dict[Name, Arc] = {}
        # The order of insertion makes every choice repeatable.
        self._at: dict[Node, dict[Name, None]] = defaultdict(dict)

    def put(self, arc: Arc) -> None:
        """Add an arc, or replace the one of the same name."""
        self.arcs[arc.name] = arc
        self._at[arc.tail][arc.name] = None
        self._at[arc.head][arc.name] = None

    def can_be_larger(self, name: Name, by: int) -> tuple[bool, tuple[Name, ...]]:
        """Tell whether the count `name` could be larger by `by`, as far as a reader can know.

        Where it could not, the names are the published counts that would give it more room when withheld,
        cheapest first choice; none where nothing helps.
        """
        arc = self.arcs[name]
        if arc.more < by:
            return False, ()
        changes: dict[Name, int] = {}
        while by > 0:
            path = self._free_path(arc, changes)
            if path is None:
                return False, self._dearer_path(arc, changes)
            room = min(by, *(_room(step, changes) for step in path))
            for step, direction in path:
                changes[step.name] = changes.get(step.name, 0) + direction * room
            by -= room
        return True, ()

    def _steps(self, node: Node, but: Name, changes: Mapping[Name, int]) -> list[tuple[Step, Node]]:
        """Return the ways on from `node`."""
        found = []
        for name in self._at[node]:
            arc = self.arcs[name]
            step = (arc, 1) if arc.tail == node else (arc, -1)
            if name != but and _room(step, changes) > 0:
                found.append((step, arc.head if arc.tail == node else arc.tail))
        return found

    def _free_path(self, arc: Arc, changes: Mapping[Name, int]) -> list[Step] | None:
        """Return the shortest way back from the arc's head to its tail over withheld counts alone."""
        came: dict[Node, tuple[Node, Step]] = {}
        queue = deque([arc.head])
        while queue:
            node = queue.popleft()
            if node == arc.tail:
                return _walk_back(arc, came)
            for step, other in self._steps(node, arc.name, changes):
                if not step[0].cost and other not in came and other != arc.head:
                    came[other] = (node, step)
                    queue.append(other)
        return None

    def _dearer_path(self, arc: Arc, changes: Mapping[Name, int]) -> tuple[Name, ...]:
        """Return the published counts on the cheapest way back that uses any."""
        came: dict[Node, tuple[Node, Step]] = {}
        costs: dict[Node, int] = {arc.head: 0}
        turn = count()
        queue: list[tuple[int, int, Node]] = [(0, next(turn), arc.head)]
        while queue:
            cost, _, node = heapq.heappop(queue)
            if node == arc.tail:
                return tuple(step.name for step, _ in _walk_back(arc, came) if step.cost)
            if cost > costs[node]:
                continue
            for step, other in self._steps(node, arc.name, changes):
                dearer = cost + step[0].cost
                if dearer < costs.get(other, UNBOUNDED):
                    costs[other] = dearer
                    came[other] = (node, step)
                    heapq.heappush(queue, (dearer, next(turn), other))
        return ()


def _room(step: Step, changes: Mapping[Name, int]) -> int:
    arc, direction = step
    changed = changes.get(arc.name, 0)
    return arc.more - changed if direction > 0 else arc.fewer + changed


def _walk_back(arc: Arc, came: Mapping[Node, tuple[Node, Step]]) -> list[Step]:
    path = []
    node = arc.tail
    while node != arc.head:
        node, step = came[node]
        path.append(step)
    return path
