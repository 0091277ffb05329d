"""The tree of links: authority -> CPEG -> member group -> event or poster, with its sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engage.distribution.rules import LinkKind
from engage.foundations.lists import has_words


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people opened a link, started a form by it, and sent it."""

    opened: int = 0
    started: int = 0
    submitted: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.opened + other.opened, self.started + other.started, self.submitted + other.submitted
        )


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with its group. `group` is None for the authority's own, `area` for a London-wide group.

    `ended`: the group is no longer active; `merged_into` names the group it became, if it became one.
    """

    id: int
    code: str
    kind: LinkKind
    parent_id: int | None
    label: str
    group_id: int | None
    group: str | None
    area: str | None
    counts: Counts
    target: int | None
    revoked: bool
    ended: bool = False
    merged_into: str | None = None
    area_code: str | None = None
    consultation_id: int = 0

    @property
    def submitted(self) -> int:
        """How many responses came by this very link."""
        return self.counts.submitted


@dataclass(slots=True, eq=False)
class Node:
    """A link in its place. `total` counts those who came by it or by any link under it."""

    row: LinkRow
    children: list[Node] = field(default_factory=list)
    total: Counts = Counts()
    above: Node | None = None

    @property
    def id(self) -> int:
        """The link's id."""
        return self.row.id

    @property
    def own(self) -> Counts:
        """Those who came by this very link."""
        return self.row.counts

    @property
    def path(self) -> list[Node]:
        """The links above, from the top."""
        found, node = [], self.above
        while node is not None:
            found.append(node)
            node = node.above
        return found[::-1]

    def walk(self) -> Iterator[tuple[int, Node]]:
        """Yield this link and all under it with their depth, each before what is under it."""
        waiting = [(0, self)]
        while waiting:
            depth, node = waiting.pop()
            yield depth, node
            waiting.extend((depth + 1, child) for child in reversed(node.children))


def grow(rows: Iterable[LinkRow]) -> list[Node]:
    """Return the tops of the trees of `rows`; links keep the order in which they came.

    A link whose parent is not among the rows is a top. Every row is in exactly one tree, so that the totals
    of the tops are the sum of all.
    """
    nodes = {row.id: Node(row) for row in rows}
    tops = []
    for node in nodes.values():
        parent = nodes.get(node.row.parent_id) if node.row.parent_id is not None else None
        if parent is None or _is_above(node, parent):
            tops.append(node)
        else:
            node.above = parent
            parent.children.append(node)
    for top in tops:
        _sum(top)
    return tops


def by_id(tops: Iterable[Node]) -> dict[int, Node]:
    """Return every link of the trees by its id."""
    return {node.id: node for top in tops for _depth, node in top.walk()}


def homes(
    groups: Mapping[int, tuple[int | None, int | None]], linked: Mapping[int, int], top: int | None
) -> dict[int, int | None]:
    """Return the id of the link under which each group's own link belongs, by the group.

    `groups` maps a group to its parent and to the group it was merged into, `linked` a group to its link. A
    link belongs to the nearest group above that has one: the group it became, else its parent; else to `top`.
    """
    found: dict[int, int | None] = {}
    for group_id in linked:
        seen, above = {group_id}, _next(groups, group_id)
        while above is not None and above not in linked and above not in seen:
            seen.add(above)
            above = _next(groups, above)
        found[group_id] = top if above is None or above in seen else linked[above]
    return found


def rolled_up(groups: Mapping[int, tuple[int | None, int | None]]) -> dict[int, int]:
    """Return the group that each group's results are counted with: what it became, and then its parent."""
    return {group_id: _top_of(groups, group_id) for group_id in groups}


def matching(nodes: Iterable[Node], words: str) -> list[Node]:
    """Return the links whose name, group, place or code has all of `words`."""
    return [
        node
        for node in nodes
        if has_words(words, node.row.label, node.row.group, node.row.area, node.row.code)
    ]


def progress(came: int | None, target: int | None) -> float | None:
    """Return the share of a target that has come, None where either is not known; more than 1 is possible."""
    return came / target if came is not None and target else None


def per_ten_thousand(came: int | None, residents: int | None) -> float | None:
    """Return responses for every 10,000 residents, None where either is not known."""
    return came * 10_000 / residents if came is not None and residents else None


def _next(groups: Mapping[int, tuple[int | None, int | None]], group_id: int) -> int | None:
    parent, became = groups.get(group_id, (None, None))
    return became or parent


def _top_of(groups: Mapping[int, tuple[int | None, int | None]], group_id: int) -> int:
    """Return the last of the groups that this one became, or is a part of."""
    seen = {group_id}
    while (above := _next(groups, group_id)) is not None and above in groups and above not in seen:
        seen.add(above)
        group_id = above
    return group_id


def _is_above(node: Node, other: Node) -> bool:
    """Tell whether `node` is `other` or above it: putting it below would make a ring."""
    above: Node | None = other
    while above is not None:
        if above is node:
            return True
        above = above.above
    return False


def _sum(top: Node) -> None:
    order: Sequence[Node] = [node for _depth, node in top.walk()]
    children: dict[int, list[Counts]] = defaultdict(list)
    for node in reversed(order):
        node.total = sum(children.pop(node.id, ()), node.own)
        if node.above is not None:
            children[node.above.id].append(node.total)
