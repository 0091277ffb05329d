"""Which groups an entry asks to pass it on: from what an officer chose to the groups themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engage.foundations.language import Text, lazy
from engage.foundations.lists import nearest
from engage.foundations.refusals import Refused
from engage.groups.models import Group
from engage.groups.queries import cpegs
from engage.groups.rules import GroupKind
from engage.timetable.holding import hold_entry, write_down
from engage.timetable.marks import Marks, groups_of, marks_of, set_groups, set_marks
from engage.timetable.models import EntryGroup, Notice, NoticeReceipt
from engage.timetable.notices.queries import Reached, reached
from engage.timetable.rules import NewsKind
from engage.timetable.service import note_change

PER_PAGE = 50


class Asks(StrEnum):
    """How an officer chooses the groups of an entry."""

    CPEGS = "cpegs"
    BOROUGH = "borough"
    CHOSEN = "chosen"
    NOBODY = "nobody"


ASKS: Mapping[Asks, Text] = {
    Asks.CPEGS: lazy("Every Community Police Engagement Group"),
    Asks.BOROUGH: lazy("The Community Police Engagement Group of the borough"),
    Asks.CHOSEN: lazy("Groups that I choose"),
    Asks.NOBODY: lazy("No groups"),
}


def chosen_as(session: Session, entry_id: int, area_code: str | None) -> Asks:
    """Return which choice gives the groups that the entry has now."""
    held = {group.id for group in groups_of(session, entry_id)}
    if not held:
        return Asks.NOBODY
    working = cpegs(session)
    if held == {group.id for group in working}:
        return Asks.CPEGS
    if held == {group.id for group in working if group.area_code == area_code}:
        return Asks.BOROUGH
    return Asks.CHOSEN


def describe(session: Session, *, actor: str, now: datetime, entry_id: int, marks: Marks, asks: Asks) -> None:
    """Give the entry its marks, and the groups of that choice.

    Raises `Refused` for the group of a borough where none is named.
    """
    entry = hold_entry(session, entry_id)
    if marks != marks_of(session, [entry_id])[entry_id]:
        set_marks(session, entry_id, marks)
        write_down(session, entry, "entry.marked", actor=actor, now=now, **_written(marks))
        # One press is one change, whatever it changed.
        if entry.published_at is not None and entry.changed_at != now:
            note_change(session, entry, NewsKind.CHANGED, now=now)
    before = len(groups_of(session, entry_id))
    ask(session, entry_id=entry_id, area_code=entry.area_code, asks=asks)
    after = len(groups_of(session, entry_id))
    if after != before:
        write_down(session, entry, "entry.groups_asked", actor=actor, now=now, groups=after)


def ask(session: Session, *, entry_id: int, area_code: str | None, asks: Asks) -> None:
    """Give the entry the groups of that choice; `CHOSEN` leaves it those it has.

    Whoever has been told stays among them. Raises `Refused` for the group of a borough where none is named.
    """
    if asks is Asks.CHOSEN:
        return
    if asks is Asks.BOROUGH and area_code is None:
        raise Refused(lazy("Choose the borough first, or ask every group."), "asks")
    wanted = [] if asks is Asks.NOBODY else cpegs(session)
    ids = {group.id for group in wanted if asks is Asks.CPEGS or group.area_code == area_code}
    set_groups(session, entry_id, ids | told(session, entry_id))


def add_groups(
    session: Session, *, actor: str, now: datetime, entry_id: int, group_ids: Collection[int]
) -> int:
    """Ask these groups too; return how many were not asked before. Those that do not work are left out."""
    chosen = select(Group.id).where(Group.id.in_(group_ids), Group.active.is_(True))
    entry = hold_entry(session, entry_id)
    held = {group.id for group in groups_of(session, entry_id)}
    new = set(session.scalars(chosen)) - held
    if new:
        set_groups(session, entry_id, held | new)
        write_down(session, entry, "entry.groups_asked", actor=actor, now=now, groups=len(held | new))
    return len(new)


def remove_groups(
    session: Session, *, actor: str, now: datetime, entry_id: int, group_ids: Collection[int]
) -> int:
    """Ask these groups no more; return how many that were. Raises `Refused` for one that has been told."""
    entry = hold_entry(session, entry_id)
    if told(session, entry_id) & set(group_ids):
        raise Refused(lazy("A group that has been told stays: what it was told is kept."))
    held = {group.id for group in groups_of(session, entry_id)}
    left = held - set(group_ids)
    if left != held:
        set_groups(session, entry_id, left)
        write_down(session, entry, "entry.groups_asked", actor=actor, now=now, groups=len(left))
    return len(held) - len(left)


@dataclass(frozen=True, slots=True)
class Found:
    """Groups that are asked or could be: one page of them; `number` of `pages`, `total` in all."""

    groups: Sequence[Reached]
    total: int
    number: int
    pages: int


def find_groups(
    session: Session, *, entry_id: int, words: str, kind: GroupKind | None, area_code: str | None, page: int
) -> Found:
    """Return working groups that the entry does not ask yet, by name, narrowed as said."""
    asked = select(EntryGroup.group_id).where(EntryGroup.entry_id == entry_id)
    statement = select(Group.id).where(Group.active.is_(True), Group.id.not_in(asked))
    if kind is not None:
        statement = statement.where(Group.kind == kind)
    if area_code:
        statement = statement.where(Group.area_code == area_code)
    for word in words.split():
        statement = statement.where(Group.name.icontains(word, autoescape=True))
    return _leaf(session, statement, page)


def asked_page(session: Session, *, entry_id: int, page: int) -> Found:
    """Return one page of the groups that the entry asks, by name, with those that have ended left out."""
    asked = select(EntryGroup.group_id).where(EntryGroup.entry_id == entry_id)
    return _leaf(session, select(Group.id).where(Group.active.is_(True), Group.id.in_(asked)), page)


def _leaf(session: Session, statement: Select[int], page: int) -> Found:
    total = session.scalars(statement.with_only_columns(func.count(Group.id))).one()
    number, pages = nearest(page, total, PER_PAGE)
    shown = statement.order_by(Group.name, Group.id).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Found(reached(session, list(session.scalars(shown))), total, number, pages)


def told(session: Session, entry_id: int) -> set[int]:
    """Return the groups that have been told anything of the entry."""
    statement = (
        select(NoticeReceipt.group_id)
        .join(Notice, Notice.id == NoticeReceipt.notice_id)
        .where(Notice.entry_id == entry_id)
    )
    return set(session.scalars(statement))


def _written(marks: Marks) -> Mapping[str, list[str]]:
    return {
        "topics": [topic.value for topic in marks.topics],
        "methods": [method.value for method in marks.methods],
        "audiences": [community.value for community in marks.audiences],
    }
