"""London's whole network for tests: every CPEG with its member groups, all with links. Inserted in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.boroughs.service import load_london
from engage.distribution.models import Link
from engage.distribution.rules import LinkKind
from engage.groups.models import Group
from engage.groups.rules import GroupKind

MADE = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Network:
    """The ids of the CPEGs, and how many responses came by all links of one consultation."""

    cpegs: Sequence[int]
    groups: int
    sent: int


def make_network(
    session: Session, consultation_ids: Sequence[int], *, cpegs: int = 32, members: int = 50
) -> Network:
    """Store `cpegs` groups with `members` member groups each, and a link of each to every consultation."""
    load_london(session)
    areas = list(session.scalars(select(Area.code).order_by(Area.code).limit(cpegs)))
    first = (session.scalar(select(func.max(Group.id))) or 0) + 1
    tops = [
        _group(first + place, f"CPEG {place:02d}", GroupKind.CPEG, area, None)
        for place, area in enumerate(areas)
    ]
    below = [
        _group(
            first + len(tops) + place * members + number,
            f"Member {place:02d}-{number:02d}",
            GroupKind.MEMBER_GROUP,
            top["area_code"],
            top["id"],
        )
        for place, top in enumerate(tops)
        for number in range(members)
    ]
    groups = [*tops, *below]
    session.execute(insert(Group), groups)
    link_id = (session.scalar(select(func.max(Link.id))) or 0) + 1
    sent = 0
    for consultation_id in consultation_ids:
        rows = _links(consultation_id, link_id, groups)
        session.execute(insert(Link), rows)
        link_id += len(rows)
        sent = sum(row["submitted"] for row in rows)
    session.commit()
    return Network([top["id"] for top in tops], len(groups), sent)


def _group(number: int, name: str, kind: GroupKind, area: str, parent: int | None) -> dict[str, object]:
    return {
        "id": number,
        "code": f"network-{number}",
        "name": name,
        "kind": kind,
        "area_code": area,
        "parent_id": parent,
        "active": True,
    }


def _links(consultation_id: int, first: int, groups: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    link_of = {group["id"]: first + 1 + place for place, group in enumerate(groups)}
    shared = {"consultation_id": consultation_id, "made_by": "Test", "made_at": MADE, "label": ""}
    rows: list[dict[str, object]] = [
        shared
        | {"id": first, "code": f"london-{first:05d}", "group_id": None, "kind": LinkKind.AUTHORITY}
        | {"parent_id": None, "opened": 9, "started": 8, "submitted": 7}
    ]
    for place, group in enumerate(groups):
        sent = place % 17
        number = link_of[group["id"]]
        rows.append(
            shared
            | {"id": number, "code": f"place-{number:05d}", "group_id": group["id"], "kind": LinkKind.GROUP}
            | {"parent_id": link_of.get(group["parent_id"], first)}
            | {"opened": sent + 5, "started": sent + 2, "submitted": sent}
        )
    return rows
