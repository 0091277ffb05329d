"""A group's own trees of links, with what it may be told of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engage.distribution import queries, showing, tree
from engage.distribution.queries import Asked
from engage.distribution.rules import LinkKind, Shown
from engage.distribution.showing import ToldOf
from engage.distribution.tree import LinkRow, Node


@dataclass(frozen=True, slots=True)
class Line:
    """A link in a group's tree: how deep it stands, and what the group may be told of it."""

    depth: int
    row: LinkRow
    told: ToldOf
    below: int

    @property
    def came(self) -> int | None:
        """The responses that came by it and by all under it, None where that is not shown."""
        return self.told.total.submitted.number


@dataclass(frozen=True, slots=True)
class Grove:
    """All that a group has for one consultation. `own` is its main link, None where it has none."""

    asked: Asked
    own: Line | None
    lines: Sequence[Line]


def groves(session: Session, *, group_id: int, asked: Collection[Asked], threshold: int) -> list[Grove]:
    """Return the group's links to each of these consultations, each tree from its top. One query."""
    rows = queries.links_in_family(session, group_id, [each.id for each in asked])
    by_consultation: Mapping[int, list[LinkRow]] = defaultdict(list)
    for row in rows:
        by_consultation[row.consultation_id].append(row)
    return [_grove(each, by_consultation[each.id], group_id, threshold) for each in asked]


def came_by_links(session: Session, *, group_id: int, threshold: int) -> dict[str, Shown]:
    """Return how many responses came by the group's main link and those under it, by consultation's slug."""
    asked = queries.asked_of_family(session, group_id)
    found = groves(session, group_id=group_id, asked=asked, threshold=threshold)
    return {grove.asked.slug: grove.own.told.total.submitted for grove in found if grove.own}


def _grove(asked: Asked, rows: Sequence[LinkRow], group_id: int, threshold: int) -> Grove:
    tops = tree.grow(rows)
    # The group's own first; what stands beside it is of groups that became part of it.
    tops.sort(key=lambda top: not _is_main(top.row, group_id))
    told = showing.tell(tops, threshold)
    lines = [_line(depth, node, told) for top in tops for depth, node in top.walk()]
    own = next((line for line in lines if _is_main(line.row, group_id)), None)
    return Grove(asked, own, lines)


def _line(depth: int, node: Node, told: Mapping[int, ToldOf]) -> Line:
    return Line(depth, node.row, told[node.id], len(node.children))


def _is_main(row: LinkRow, group_id: int) -> bool:
    return row.group_id == group_id and row.kind is LinkKind.GROUP
