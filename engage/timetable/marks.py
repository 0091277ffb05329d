"""What an entry is about, how and whom it asks, and the groups asked to pass it on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engage.groups.models import Group
from engage.groups.rules import Community
from engage.timetable.models import EntryGroup, EntryMark
from engage.timetable.rules import MarkKind, Method, Topic

Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The topics, methods and audiences of an entry, in the order of their enums where they were read."""

    topics: tuple[Topic, ...] = ()
    methods: tuple[Method, ...] = ()
    audiences: tuple[Community, ...] = ()


UNMARKED = Marks()


def marks_of(session: Session, entry_ids: Collection[int]) -> Mapping[int, Marks]:
    """Return the marks of each of the entries, in one query; `UNMARKED` for one that has none."""
    statement = (
        select(EntryMark.entry_id, EntryMark.kind, EntryMark.code)
        .where(EntryMark.entry_id.in_(entry_ids))
        .order_by(EntryMark.entry_id, EntryMark.kind, EntryMark.code)
    )
    codes: dict[int, dict[MarkKind, set[str]]] = {}
    for entry_id, kind, code in session.execute(statement):
        codes.setdefault(entry_id, {}).setdefault(kind, set()).add(code)
    return {entry_id: _marks(codes.get(entry_id, {})) for entry_id in entry_ids}


def set_marks(session: Session, entry_id: int, marks: Marks) -> None:
    """Make `marks` the marks of the entry, and no others."""
    session.execute(delete(EntryMark).where(EntryMark.entry_id == entry_id))
    rows = [
        {"entry_id": entry_id, "kind": kind, "code": code.value}
        for kind, codes in (
            (MarkKind.TOPIC, marks.topics),
            (MarkKind.METHOD, marks.methods),
            (MarkKind.AUDIENCE, marks.audiences),
        )
        for code in dict.fromkeys(codes)
    ]
    if rows:
        session.execute(insert(EntryMark), rows)
    session.flush()


def groups_of(session: Session, entry_id: int) -> list[Group]:
    """Return the groups that the entry asks to pass it on, by name; ended ones are among them."""
    statement = (
        select(Group)
        .join(EntryGroup, EntryGroup.group_id == Group.id)
        .where(EntryGroup.entry_id == entry_id)
        .order_by(Group.name, Group.id)
    )
    return list(session.scalars(statement))


def set_groups(session: Session, entry_id: int, group_ids: Collection[int]) -> None:
    """Make these the groups that the entry asks to pass it on, and no others."""
    session.execute(delete(EntryGroup).where(EntryGroup.entry_id == entry_id))
    rows = [{"entry_id": entry_id, "group_id": group_id} for group_id in sorted(set(group_ids))]
    if rows:
        session.execute(insert(EntryGroup), rows)
    session.flush()


def _marks(codes: Mapping[MarkKind, Collection[str]]) -> Marks:
    return Marks(
        topics=_members(Topic, codes.get(MarkKind.TOPIC, ())),
        methods=_members(Method, codes.get(MarkKind.METHOD, ())),
        audiences=_members(Community, codes.get(MarkKind.AUDIENCE, ())),
    )


def _members(kind: type[Member], codes: Collection[str]) -> tuple[Member, ...]:
    return tuple(member for member in kind if member.value in codes)
