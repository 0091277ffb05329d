"""Loading the groups from the file that comes with the package."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.groups.models import Group
from engage.groups.rules import GroupKind


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many groups the file has, whether or not the database already held them."""

    cpegs: int
    others: int


def load_groups(session: Session) -> Loaded:
    """Bring the groups to what the file says; the areas must be there.

    Doing it again changes nothing. Whether a group is active is left as it is, and a group that the file
    does not name stays.
    """
    text = files(__package__).joinpath("data", "groups.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    held = {group.code: group for group in session.scalars(select(Group))}
    parents = [row for row in rows if not row["parent_code"]]
    children = [row for row in rows if row["parent_code"]]
    for several in (parents, children):
        _put(session, several, held)
        # A member group needs its CPEG's number.
        session.flush()
    cpegs = sum(row["kind"] == GroupKind.CPEG for row in rows)
    return Loaded(cpegs=cpegs, others=len(rows) - cpegs)


def _put(session: Session, rows: Iterable[Mapping[str, str]], held: dict[str, Group]) -> None:
    for row in rows:
        group = held.setdefault(row["code"], Group(code=row["code"]))
        group.name = row["name"]
        group.kind = GroupKind(row["kind"])
        group.area_code = row["area_code"] or None
        group.parent_id = held[row["parent_code"]].id if row["parent_code"] else None
        session.add(group)
