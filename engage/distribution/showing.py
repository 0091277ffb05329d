"""What a group may be told of the counts in its own tree of links.

Counts from 1 to below the threshold are withheld, and then others beside them, until nobody who knows the
rule and every number shown can tell of a withheld small count that it is small. From the top down: where a
sum is withheld nothing under it is shown, so that each sum that is shown protects its own parts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engage.distribution.rules import Shown, shown_to_group
from engage.distribution.tree import Counts, Node

NOT_SHOWN = Shown(number=None)
Measure: TypeAlias = Callable[[Counts], int]

# From the smallest count to the largest: nobody sends what they did not start.
MEASURES: Sequence[tuple[str, Measure]] = (
    ("submitted", lambda counts: counts.submitted),
    ("started", lambda counts: counts.started),
    ("opened", lambda counts: counts.opened),
)


@dataclass(frozen=True, slots=True)
class Told:
    """The three counts as a group may be told them."""

    opened: Shown
    started: Shown
    submitted: Shown


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What a group may be told of a link: of those who came by it, and of those by any link under it too."""

    own: Told
    total: Told


def withheld_parts(
    counts: Sequence[int], threshold: int, already: frozenset[int] = frozenset()
) -> frozenset[int]:
    """Return the places of the counts to withhold where the sum of all is shown.

    For all a reader can know, each small count withheld may be as large as the threshold: the others that
    are withheld are at least 1 each, or at least 0 where everything is.
    """
    small = {place for place, count in enumerate(counts) if 0 < count < threshold}
    hidden = small | already
    if not small:
        return frozenset(hidden)
    others = sorted(set(range(len(counts))) - hidden, key=lambda place: (counts[place], place))
    spare = [place for place in others if counts[place]]
    while _most(counts, hidden) < threshold:
        if not spare:
            # Nothing else to hide behind: then not even which counts are nought is told.
            return frozenset(range(len(counts)))
        hidden.add(spare.pop(0))
    return frozenset(hidden)


def _most(counts: Sequence[int], hidden: set[int]) -> int:
    """Return how large any one withheld count could be, as far as its being at least 1 tells."""
    return sum(counts[place] for place in hidden) - len(hidden) + 1


def tell(roots: Sequence[Node], threshold: int) -> Mapping[int, ToldOf]:
    """Return what a group may be told of every link in its trees, by the link's id.

    The sums of the roots stand alone: no sum of several roots may be shown beside them.
    """
    told: dict[int, dict[str, tuple[Shown, Shown]]] = {}
    for root in roots:
        # Where noughts are withheld of a smaller count, so are the larger ones, which could tell them.
        parts: dict[int, frozenset[int]] = {}
        for name, measure in MEASURES:
            top = shown_to_group(measure(root.total), threshold)
            _walk(root, top, _Run(name, measure, threshold, told, parts))
    return {
        link_id: ToldOf(
            own=Told(**{name: own for name, (own, _) in by_name.items()}),
            total=Told(**{name: total for name, (_, total) in by_name.items()}),
        )
        for link_id, by_name in told.items()
    }


@dataclass(frozen=True, slots=True)
class _Run:
    """One measure on its way through one tree. `parts`: the places to withhold of the next, by link."""

    name: str
    measure: Measure
    threshold: int
    told: dict[int, dict[str, tuple[Shown, Shown]]]
    parts: dict[int, frozenset[int]]


def _walk(root: Node, top: Shown, run: _Run) -> None:
    waiting = [(root, top)]
    while waiting:
        node, total = waiting.pop()
        counts = [run.measure(node.own), *(run.measure(child.total) for child in node.children)]
        already = run.parts.get(node.id, frozenset())
        if total.withheld:
            hidden = frozenset(range(len(counts)))
        else:
            hidden = withheld_parts(counts, run.threshold, already)
            if not all(counts[place] for place in hidden):
                run.parts[node.id] = already | hidden
        # A link with nothing under it is its own sum.
        shown = [NOT_SHOWN if place in hidden else Shown(count) for place, count in enumerate(counts)]
        own = shown[0] if node.children else total
        run.told.setdefault(node.id, {})[run.name] = (own, total)
        waiting.extend(zip(node.children, shown[1:], strict=True))
