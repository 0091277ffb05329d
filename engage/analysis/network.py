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
        self._at: dict[Node, dict[Name, tuple[Step, Node]]] = defaultdict(dict)

    def put(self, arc: Arc) -> None:
        """Add an arc, or replace the one of the same name."""
        self.arcs[arc.name] = arc
        self._at[arc.tail][arc.name] = (arc, 1), arc.head
        self._at[arc.head][arc.name] = (arc, -1), arc.tail

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

    def _free_path(self, arc: Arc, changes: Mapping[Name, int]) -> list[Step] | None:
        """Return the shortest way back from the arc's head to its tail over withheld counts alone."""
        last = self._last_steps(arc, changes)
        came: dict[Node, tuple[Node, Step] | None] = {arc.head: None}
        met = arc.head if arc.head in last else None
        queue = deque([arc.head])
        while queue and met is None:
            node = queue.popleft()
            for step, other in self._at[node].values():
                # The cheapest question first: this is where all the time goes.
                if other in came or step[0].cost or step[0] is arc or _room(step, changes) <= 0:
                    continue
                came[other] = (node, step)
                if other in last:
                    met = other
                    break
                queue.append(other)
        if met is None:
            return None
        came[arc.tail] = (met, last[met])
        return _walk_back(arc, came)

    def _last_steps(self, arc: Arc, changes: Mapping[Name, int]) -> dict[Node, Step]:
        """Return from which nodes the arc's tail is one step over withheld counts away, and by which."""
        found: dict[Node, Step] = {}
        for (other, direction), node in self._at[arc.tail].values():
            step = (other, -direction)
            if not other.cost and other is not arc and _room(step, changes) > 0:
                found.setdefault(node, step)
        return found

    def _dearer_path(self, arc: Arc, changes: Mapping[Name, int]) -> tuple[Name, ...]:
        """Return the published counts on the cheapest way back that uses any."""
        came: dict[Node, tuple[Node, Step] | None] = {}
        costs: dict[Node, int] = {arc.head: 0}
        turn = count()
        queue: list[tuple[int, int, Node]] = [(0, next(turn), arc.head)]
        while queue:
            cost, _, node = heapq.heappop(queue)
            if node == arc.tail:
                return tuple(step.name for step, _ in _walk_back(arc, came) if step.cost)
            if cost > costs[node]:
                continue
            for step, other in self._at[node].values():
                dearer = cost + step[0].cost
                if dearer >= costs.get(other, UNBOUNDED) or step[0] is arc:
                    continue
                if _room(step, changes) > 0:
                    costs[other] = dearer
                    came[other] = (node, step)
                    heapq.heappush(queue, (dearer, next(turn), other))
        return ()


def _room(step: Step, changes: Mapping[Name, int]) -> int:
    arc, direction = step
    changed = changes.get(arc.name, 0)
    return arc.more - changed if direction > 0 else arc.fewer + changed


def _walk_back(arc: Arc, came: Mapping[Node, tuple[Node, Step] | None]) -> list[Step]:
    path = []
    node = arc.tail
    while node != arc.head and (found := came[node]) is not None:
        node, step = found
        path.append(step)
    return path
