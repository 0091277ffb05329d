"""What is done to groups: they are loaded, added, changed, ended, left vacant and filled again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.foundations.clock import in_london
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.groups import queries, rules
from engage.groups.details import GroupDetails, checked_group, checked_vacancy
from engage.groups.models import Group, GroupCommunity
from engage.groups.rules import Community, GroupKind
from engage.people.accounts import end_of_groups


def add_group(
    session: Session, *, actor: str, now: datetime, details: GroupDetails, code: str | None = None
) -> Group:
    """Add a group to the register and return it.

    `code` is its name in addresses and files, for good; without one it is made from the name, with a number
    where that is taken. Raises `Refused` beside what cannot be.
    """
    details = checked_group(details)
    if code is not None and not rules.is_code(code):
        raise Refused(lazy("A code is made of small letters, figures and hyphens."), "code")
    hold_register(session)
    code = code or rules.free_code(details.name, queries.taken_codes(session, rules.code_from(details.name)))
    if queries.find_by_code(session, code) is not None:
        raise Refused(lazy("There is a group with the code %(code)s already.", code=code), "code")
    _refuse_second(session, details)
    _refuse_misplaced(session, details, group_id=None, active=True)
    group = Group(code=code, active=True)
    _put_details(group, details)
    session.add(group)
    session.flush()
    set_communities(session, group.id, details.communities)
    note(session, actor, now, "group.added", group, _written(details))
    return group


def change_group(
    session: Session, *, actor: str, now: datetime, group_id: int, details: GroupDetails
) -> bool:
    """Make the register say `details` of a group; return whether that changed anything.

    The audit log keeps what each changed detail said before and says now. Raises `Refused`, also where the
    group would become part of itself.
    """
    details = checked_group(details)
    group = hold_group(session, group_id)
    before, after = _written(queries.details_of(session, group)), _written(details)
    changed = {name: [before[name], value] for name, value in after.items() if value != before[name]}
    if not changed:
        return False
    if changed.keys() & {"kind", "area_code", "parent_id"}:
        moved = "parent_id" in changed
        _refuse_misplaced(session, details, group_id=group_id, active=group.active, moved=moved)
    _put_details(group, details)
    session.flush()
    if "communities" in changed:
        set_communities(session, group_id, details.communities)
    note(session, actor, now, "group.changed", group, changed)
    return True


def end_group(session: Session, *, actor: str, now: datetime, group_id: int) -> None:
    """Take a group out of use; what it did stays. Doing it again changes nothing.

    The accounts of its coordinators close at once.
    """
    group = hold_group(session, group_id)
    if not group.active:
        return
    group.active, group.vacant_since, group.covered_by = False, None, ""
    session.flush()
    end_of_groups(session, group_ids=[group_id], actor=actor, now=now)
    note(session, actor, now, "group.ended", group)


def restore_group(session: Session, *, actor: str, now: datetime, group_id: int) -> None:
    """Let an ended group work again. Raises `Refused` for one that became part of another."""
    group = hold_group(session, group_id)
    if group.active:
        return
    if group.merged_into_id is not None:
        raise Refused(lazy("This group has become part of another one and cannot be used again."))
    hold_register(session)
    _refuse_second_cpeg(session, group.kind, group.area_code, group_id)
    group.active = True
    session.flush()
    note(session, actor, now, "group.restored", group)


def leave_vacant(
    session: Session, *, actor: str, now: datetime, group_id: int, since: date, covered_by: str
) -> None:
    """Say that nobody runs a group since a day, and who covers for it. Everything of it goes on working.

    Raises `Refused` where nobody covers, for a day to come and for a group that has ended.
    """
    covered_by = checked_vacancy(since, covered_by, in_london(now).date())
    group = hold_group(session, group_id)
    if not group.active:
        raise Refused(lazy("This group has ended: it cannot be vacant."))
    if (group.vacant_since, group.covered_by) == (since, covered_by):
        return
    group.vacant_since, group.covered_by = since, covered_by
    session.flush()
    note(session, actor, now, "group.vacant", group, {"since": since.isoformat(), "covered_by": covered_by})


def fill_vacancy(session: Session, *, actor: str, now: datetime, group_id: int) -> None:
    """Say that somebody runs the group again. Doing it again changes nothing."""
    group = hold_group(session, group_id)
    if group.vacant_since is None:
        return
    was = {"since": group.vacant_since.isoformat(), "covered_by": group.covered_by}
    group.vacant_since, group.covered_by = None, ""
    session.flush()
    note(session, actor, now, "group.filled", group, was)


def hold_group(session: Session, group_id: int) -> Group:
    """Return the group as it is now and keep others from changing it; raises `NoResultFound`."""
    statement = select(Group).where(Group.id == group_id).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def hold_register(session: Session) -> None:
    """Keep others from changing any group until the transaction ends.

    Two who add the same group, or move two groups below each other, must see what the other did.
    """
    session.execute(select(Group.id).order_by(Group.id).with_for_update(key_share=True)).all()


def set_communities(session: Session, group_id: int, communities: Iterable[Community]) -> None:
    """Make these the communities that a group reaches."""
    session.execute(delete(GroupCommunity).where(GroupCommunity.group_id == group_id))
    rows = [{"group_id": group_id, "community": community} for community in sorted(communities)]
    if rows:
        session.execute(insert(GroupCommunity), rows)


def note(
    session: Session, actor: str, now: datetime, action: str, group: Group, details: Mapping[str, Any] = {}
) -> None:
    """Write in the log what was done to a group."""
    audit.record(
        session, actor=actor, action=action, subject=f"group:{group.code}", at=now, details=dict(details)
    )


def _put_details(group: Group, details: GroupDetails) -> None:
    for name in ("name", "kind", "area_code", "parent_id", "about", "website", "members"):
        setattr(group, name, getattr(details, name))


def _written(details: GroupDetails) -> dict[str, Any]:
    """Return the details as plain values for the log."""
    plain = {name: getattr(details, name) for name in details.__slots__}
    return plain | {"kind": details.kind.value, "communities": sorted(details.communities)}


def _refuse_misplaced(
    session: Session, details: GroupDetails, *, group_id: int | None, active: bool, moved: bool = True
) -> None:
    """Refuse an area or a parent that is not there, a borough's second CPEG, and being part of oneself."""
    if details.area_code is not None and session.get(Area, details.area_code) is None:
        raise Refused(lazy("Choose a borough."), "area_code")
    if active:
        _refuse_second_cpeg(session, details.kind, details.area_code, group_id)
    if details.parent_id is None or not moved:
        return
    hold_register(session)
    parents = queries.parents(session)
    if details.parent_id not in parents:
        raise Refused(lazy("Choose a group of the register."), "parent")
    if group_id is not None and rules.in_circle(group_id, parents | {group_id: details.parent_id}):
        raise Refused(lazy("A group cannot be part of itself, or of a group below it."), "parent")


def _refuse_second(session: Session, details: GroupDetails) -> None:
    """Refuse a name that a group of the same area has: nobody could tell the two apart."""
    if queries.is_named(session, details.name, details.area_code):
        raise Refused(lazy("There is a group of this name in this borough already."), "name")


def _refuse_second_cpeg(
    session: Session, kind: GroupKind, area_code: str | None, group_id: int | None
) -> None:
    if kind is not GroupKind.CPEG:
        return
    other = queries.find_cpeg(session, area_code)
    if other is not None and other.id != group_id:
        sentence = lazy("The borough has a Community Police Engagement Group: %(name)s.", name=other.name)
        raise Refused(sentence, "area_code")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many groups the file has, whether or not the database already held them."""

    cpegs: int
    others: int


def load_groups(session: Session) -> Loaded:
    """Add the groups of the file that are not there; the areas must be.

    Doing it again changes nothing: what the register says of a group by now stays.
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
        if row["code"] in held:
            continue
        held[row["code"]] = group = Group(code=row["code"])
        group.name = row["name"]
        group.kind = GroupKind(row["kind"])
        group.area_code = row["area_code"] or None
        group.parent_id = held[row["parent_code"]].id if row["parent_code"] else None
        session.add(group)
