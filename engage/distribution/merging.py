"""Merging a group into another: what it has goes with it, what was answered stays as it was answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from engage.audit import service as audit
from engage.distribution import service
from engage.distribution.models import Link, OutreachRequest
from engage.distribution.rules import may_become
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.groups import queries as groups
from engage.groups.models import Group, GroupCommunity, GroupContact, GroupMeeting
from engage.groups.rules import GroupKind
from engage.people.accounts import move_to_group
from engage.people.models import Person
from engage.timetable.models import EntryGroup, NoticeReceipt

LONGEST_REMARK = 4000


@dataclass(frozen=True, slots=True)
class Moving:
    """How much goes with a group: each number is of rows that the other group did not have."""

    groups: int
    people: int
    contacts: int
    meetings: int
    communities: int
    entries: int
    notices: int
    requests: int
    links: int


def preview(session: Session, *, group_id: int, into_id: int) -> Moving:
    """Return what would go with the group. Raises `Refused` where it cannot become part of the other."""
    group, into = groups.get_group(session, group_id), groups.get_group(session, into_id)
    _check(session, group, into)
    return _moving(session, group, into)


def merge_group(session: Session, *, group_id: int, into_id: int, actor: str, now: datetime) -> Moving:
    """Let a group become part of another, and return what went with it.

    The groups below it, its people, contacts, meetings and communities, the entries that ask it, its notices
    and requests are the other's afterwards. Its links stay, with their codes and counts, under the other's
    link. Responses keep the group they named; results count them for the group it became. Doing it again
    changes nothing. Raises `Refused` where it makes no sense, and `NoResultFound`.
    """
    held = select(Group).where(Group.id.in_((group_id, into_id))).order_by(Group.id).with_for_update()
    session.scalars(held.execution_options(populate_existing=True)).all()
    group, into = groups.get_group(session, group_id), groups.get_group(session, into_id)
    if group.merged_into_id == into.id:
        return Moving(0, 0, 0, 0, 0, 0, 0, 0, 0)
    _check(session, group, into)
    moving = _moving(session, group, into)
    # Their sessions end, as what they may see is another group's now.
    move_to_group(session, group_ids=[group.id], into_id=into.id, actor=actor, now=now)
    _move(session, group, into)
    _fold_notices(session, group, into)
    group.active, group.merged_into_id = False, into.id
    if group.kind is not GroupKind.CPEG:
        # Whoever looked after it before does so no longer; the other group's people do.
        group.parent_id = into.id
    session.flush()
    _arrange(session, group, into)
    audit.record(
        session,
        actor=actor,
        action="group.merged",
        subject=f"group:{group.code}",
        at=now,
        details={"into": into.code} | asdict(moving),
    )
    return moving


def candidates(session: Session, group: Group) -> list[Group]:
    """Return the groups that this one could become part of: those of its own area first, then by name."""
    below = set(groups.below(session, group.id))
    nearer = Group.area_code == group.area_code if group.area_code else Group.area_code.is_(None)
    chosen = select(Group).where(Group.active.is_(True), Group.merged_into_id.is_(None))
    rows = session.scalars(chosen.order_by(nearer.desc(), Group.name, Group.id))
    return [each for each in rows if each.id not in below and may_become(group.kind, each.kind)]


def _check(session: Session, group: Group, into: Group) -> None:
    if group.id == into.id:
        raise Refused(lazy("A group cannot become part of itself."), "into")
    if group.merged_into_id is not None:
        became = groups.surviving(session, group.id)
        raise Refused(lazy("It has become part of %(group)s already.", group=became.name), "into")
    if not into.active:
        raise Refused(
            lazy("%(group)s is not active, so nothing can become part of it.", group=into.name), "into"
        )
    if into.id in groups.below(session, group.id):
        raise Refused(
            lazy("%(group)s belongs to it, so it cannot become part of that.", group=into.name), "into"
        )
    if not may_become(group.kind, into.kind):
        raise Refused(lazy("Groups of these two kinds cannot be merged."), "into")


def _moving(session: Session, group: Group, into: Group) -> Moving:
    def count(*conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0

    return Moving(
        groups=count(Group.parent_id == group.id),
        people=count(Person.group_id == group.id),
        contacts=count(GroupContact.group_id == group.id),
        meetings=count(GroupMeeting.group_id == group.id, _not_yet_meetings(into)),
        communities=count(GroupCommunity.group_id == group.id, _not_yet_communities(into)),
        entries=count(EntryGroup.group_id == group.id, _not_yet_entries(into)),
        notices=count(NoticeReceipt.group_id == group.id),
        requests=count(OutreachRequest.group_id == group.id),
        links=count(Link.group_id == group.id),
    )


def _not_yet_meetings(into: Group) -> ColumnElement[bool]:
    theirs = aliased(GroupMeeting)
    return GroupMeeting.starts_at.not_in(select(theirs.starts_at).where(theirs.group_id == into.id))


def _not_yet_communities(into: Group) -> ColumnElement[bool]:
    theirs = aliased(GroupCommunity)
    return GroupCommunity.community.not_in(select(theirs.community).where(theirs.group_id == into.id))


def _not_yet_entries(into: Group) -> ColumnElement[bool]:
    theirs = aliased(EntryGroup)
    return EntryGroup.entry_id.not_in(select(theirs.entry_id).where(theirs.group_id == into.id))


def _move(session: Session, group: Group, into: Group) -> None:
    """Give the other group what it does not have. A meeting at the same hour stays with the one that ends."""
    asked = select(EntryGroup.entry_id, literal(into.id)).where(
        EntryGroup.group_id == group.id, _not_yet_entries(into)
    )
    reached = select(literal(into.id), GroupCommunity.community).where(
        GroupCommunity.group_id == group.id, _not_yet_communities(into)
    )
    for statement in (
        update(Group).where(Group.parent_id == group.id).values(parent_id=into.id),
        update(Person).where(Person.group_id == group.id).values(group_id=into.id),
        update(GroupContact).where(GroupContact.group_id == group.id).values(group_id=into.id),
        update(GroupMeeting)
        .where(GroupMeeting.group_id == group.id, _not_yet_meetings(into))
        .values(group_id=into.id),
        update(OutreachRequest).where(OutreachRequest.group_id == group.id).values(group_id=into.id),
        insert(EntryGroup).from_select(["entry_id", "group_id"], asked),
        delete(EntryGroup).where(EntryGroup.group_id == group.id),
        insert(GroupCommunity).from_select(["group_id", "community"], reached),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.expire_all()


def _fold_notices(session: Session, group: Group, into: Group) -> None:
    """Give the other group the notices it was not given, and what was said to those that it was."""
    theirs = {
        receipt.notice_id: receipt
        for receipt in session.scalars(select(NoticeReceipt).where(NoticeReceipt.group_id == into.id))
    }
    own = select(NoticeReceipt).where(NoticeReceipt.group_id == group.id).order_by(NoticeReceipt.id)
    for receipt in session.scalars(own).all():
        kept = theirs.get(receipt.notice_id)
        if kept is None:
            receipt.group_id = into.id
            continue
        _fold(kept, receipt, group.name)
        session.delete(receipt)
    session.flush()


def _fold(kept: NoticeReceipt, gone: NoticeReceipt, name: str) -> None:
    """Keep in one receipt the earlier of what two groups that are now one have seen and acknowledged.

    The clock stays the kept one's: nobody's notice becomes longer by this than it was.
    """
    kept.seen_at = min((at for at in (kept.seen_at, gone.seen_at) if at), default=None)
    if gone.acknowledged_at and (not kept.acknowledged_at or gone.acknowledged_at < kept.acknowledged_at):
        kept.acknowledged_at, kept.acknowledged_by = gone.acknowledged_at, gone.acknowledged_by
    if gone.remark:
        kept.remark = "\n".join(filter(None, (kept.remark, f"{name}: {gone.remark}")))[:LONGEST_REMARK]


def _arrange(session: Session, group: Group, into: Group) -> None:
    """Put the links of both, and of those now below, where they belong."""
    family = groups.below(session, into.id)
    chosen = select(Link.consultation_id).where(Link.group_id.in_([group.id, *family])).distinct()
    for consultation_id in sorted(session.scalars(chosen)):
        service.arrange(session, consultation_id)
