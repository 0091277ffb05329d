"""Taking a file of groups into the register: all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations.clock import in_london
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tables.reading import Row
from engage.groups import queries
from engage.groups.exchange.plan import Plan, Step, What, plan_of
from engage.groups.exchange.queries import register
from engage.groups.models import Group, GroupContact, GroupMeeting
from engage.groups.service import hold_register, note, set_communities

_TAKEN = ("name", "kind", "area_code", "active", "vacant_since", "covered_by", "about", "website", "members")


def import_groups(
    session: Session, *, actor: str, now: datetime, name: str, rows: Sequence[Row], seen: str
) -> Plan:
    """Make the register what a file says, and return what that changed.

    `seen` is the digest of the plan that somebody agreed to. Raises `Refused`, and changes nothing, where the
    file does not fit, would change nothing, or would change something else by now.
    """
    hold_register(session)
    plan = plan_of(rows, register(session), in_london(now).date())
    if plan.faults:
        raise Refused(lazy("Nothing was imported: not every row of the file can be taken."))
    if not plan.fits:
        raise Refused(lazy("Nothing was imported: the register says all of this already."))
    if plan.digest != seen:
        raise Refused(lazy("Nothing was imported: the register has changed. Look at the changes once more."))
    steps = [step for step in plan.steps if step.what is not What.UNCHANGED]
    groups = _groups(session, steps)
    _put(session, steps, groups)
    for step in steps:
        _note(session, actor, now, step, groups[step.record.code])
    counted = {what.value: plan.counted[what] for what in What}
    audit.record(
        session, actor=actor, action="groups.imported", subject="groups:register", at=now,
        details={"file": name} | counted,
    )  # fmt: skip
    return plan


def _groups(session: Session, steps: Sequence[Step]) -> Mapping[str, Group]:
    """Return every group of the register by its code, the new ones added without being part of any."""
    groups = {group.code: group for group in session.scalars(select(Group).order_by(Group.id))}
    for step in steps:
        if step.what is What.ADDED:
            groups[step.record.code] = group = Group(code=step.record.code)
            _take(group, step)
            session.add(group)
    # A group that is part of another needs the other's number.
    session.flush()
    return groups


def _take(group: Group, step: Step) -> None:
    for name in _TAKEN:
        setattr(group, name, getattr(step.record, name))


def _put(session: Session, steps: Sequence[Step], groups: Mapping[str, Group]) -> None:
    for step in steps:
        group = groups[step.record.code]
        _take(group, step)
        group.parent_id = groups[step.record.parent].id if step.record.parent else None
    session.flush()
    ids = [groups[step.record.code].id for step in steps]
    contacts, meetings = queries.contacts(session, ids), queries.meetings(session, ids)
    reached = queries.communities(session, ids)
    for step in steps:
        group_id = groups[step.record.code].id
        if reached.get(group_id, frozenset()) != step.record.communities:
            set_communities(session, group_id, step.record.communities)
        _put_contacts(session, group_id, step, contacts.get(group_id, []))
        _put_meetings(session, group_id, step, meetings.get(group_id, []))
    session.flush()


def _put_contacts(session: Session, group_id: int, step: Step, held: Sequence[GroupContact]) -> None:
    """Make these the contacts of a group; one who stays keeps their number."""
    missing = Counter(step.record.contacts)
    for contact in held:
        details = queries.contact_details(contact)
        if missing[details]:
            missing[details] -= 1
        else:
            session.delete(contact)
    for details in step.record.contacts:
        if missing[details]:
            missing[details] -= 1
            session.add(GroupContact(group_id=group_id, **asdict(details)))


def _put_meetings(session: Session, group_id: int, step: Step, held: Sequence[GroupMeeting]) -> None:
    """Make these the meetings of a group; one that stays at its moment is the same meeting."""
    wanted = {details.starts_at: details for details in step.record.meetings}
    for meeting in held:
        details = wanted.pop(meeting.starts_at, None)
        if details is None:
            session.delete(meeting)
            continue
        meeting.place, meeting.note = details.place, details.note
        meeting.open_to_public = details.open_to_public
    session.add_all(GroupMeeting(group_id=group_id, **asdict(details)) for details in wanted.values())


def _note(session: Session, actor: str, now: datetime, step: Step, group: Group) -> None:
    """Write in the log what the file made of a group, and how many contacts and meetings it has."""
    said = {str(heading): [str(was), str(now_)] for heading, was, now_ in step.changes}
    if step.what is What.ADDED:
        record = step.record
        said = {"name": [record.name], "kind": [record.kind.value], "parent": [record.parent]}
    note(session, actor, now, f"group.{step.what.value}", group, {"imported": said})
