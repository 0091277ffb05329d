"""What is done to a group's contacts and meetings, and to what a borough's page says besides its groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.groups import queries
from engage.groups.details import (
    MOST_CONTACTS,
    BoroughDetails,
    ContactDetails,
    MeetingDetails,
    checked_borough,
    checked_contact,
    checked_meeting,
)
from engage.groups.models import BoroughDetail, GroupContact, GroupMeeting
from engage.groups.service import hold_group, note


def add_contact(
    session: Session, *, actor: str, now: datetime, group_id: int, details: ContactDetails
) -> GroupContact:
    """Add a contact to a group; raises `Refused`. The same one twice is kept once."""
    details = checked_contact(details)
    group = hold_group(session, group_id)
    held = queries.contacts(session, [group_id]).get(group_id, [])
    for contact in held:
        if queries.contact_details(contact) == details:
            return contact
    if len(held) >= MOST_CONTACTS:
        raise Refused(lazy("A group has at most %(most)s contacts.", most=MOST_CONTACTS))
    contact = GroupContact(group_id=group_id, **asdict(details))
    session.add(contact)
    session.flush()
    note(session, actor, now, "contact.added", group, {"contact": contact.id, "role": details.role})
    return contact


def change_contact(
    session: Session, *, actor: str, now: datetime, group_id: int, contact_id: int, details: ContactDetails
) -> bool:
    """Change a contact of a group and return whether that changed anything.

    Raises `Refused`, and `NoResultFound` for a contact of another group. The log, which is for good, never
    holds who it is.
    """
    details = checked_contact(details)
    group = hold_group(session, group_id)
    contact = queries.get_contact(session, group_id, contact_id)
    before, after = asdict(queries.contact_details(contact)), asdict(details)
    changed = [name for name, value in after.items() if value != before[name]]
    if not changed:
        return False
    for name in changed:
        setattr(contact, name, after[name])
    session.flush()
    note(session, actor, now, "contact.changed", group, {"contact": contact_id, "changed": changed})
    return True


def remove_contact(session: Session, *, actor: str, now: datetime, group_id: int, contact_id: int) -> None:
    """Take a contact of a group out; raises `NoResultFound` for one of another group."""
    group = hold_group(session, group_id)
    contact = queries.get_contact(session, group_id, contact_id)
    session.delete(contact)
    session.flush()
    note(session, actor, now, "contact.removed", group, {"contact": contact_id, "role": contact.role})


def add_meetings(
    session: Session, *, actor: str, now: datetime, group_id: int, meetings: Sequence[MeetingDetails]
) -> int:
    """Add meetings to a group, but none at a moment that has one already; return how many are new."""
    checked = [checked_meeting(meeting) for meeting in meetings]
    group = hold_group(session, group_id)
    taken = {meeting.starts_at for meeting in queries.meetings(session, [group_id]).get(group_id, [])}
    new = {one.starts_at: one for one in checked if one.starts_at not in taken}
    session.add_all(GroupMeeting(group_id=group_id, **asdict(one)) for one in new.values())
    session.flush()
    if new:
        said = [moment.isoformat(timespec="minutes") for moment in sorted(new)]
        note(session, actor, now, "group_meetings.added", group, {"meetings": said})
    return len(new)


def change_meeting(
    session: Session, *, actor: str, now: datetime, group_id: int, meeting_id: int, details: MeetingDetails
) -> bool:
    """Change a meeting of a group and return whether that changed anything.

    Raises `Refused` where the group has another at that moment, `NoResultFound` for one of another group.
    """
    details = checked_meeting(details)
    group = hold_group(session, group_id)
    meeting = queries.get_meeting(session, group_id, meeting_id)
    others = queries.meetings(session, [group_id])[group_id]
    if any(one.starts_at == details.starts_at and one.id != meeting_id for one in others):
        raise Refused(lazy("The group has another meeting at that time."), "day")
    before, after = asdict(queries.meeting_details(meeting)), asdict(details)
    changed = {name: [_plain(before[name]), _plain(to)] for name, to in after.items() if to != before[name]}
    for name in changed:
        setattr(meeting, name, after[name])
    session.flush()
    if changed:
        note(
            session,
            actor,
            now,
            "group_meeting.changed",
            group,
            {"meeting": _plain(meeting.starts_at)} | changed,
        )
    return bool(changed)


def remove_meeting(session: Session, *, actor: str, now: datetime, group_id: int, meeting_id: int) -> None:
    """Take a meeting of a group out; raises `NoResultFound` for one of another group."""
    group = hold_group(session, group_id)
    meeting = queries.get_meeting(session, group_id, meeting_id)
    session.delete(meeting)
    session.flush()
    note(session, actor, now, "group_meeting.removed", group, {"meeting": _plain(meeting.starts_at)})


def save_borough(
    session: Session, *, actor: str, now: datetime, area_code: str, details: BoroughDetails
) -> bool:
    """Make a borough's page say `details`; return whether that changed anything. Raises `Refused`."""
    details = checked_borough(details)
    # Two who write at once take turns, also where there is no row yet.
    session.scalars(select(Area).where(Area.code == area_code).with_for_update(key_share=True)).one()
    detail = queries.find_borough(session, area_code)
    before = asdict(queries.borough_details(detail))
    changed = {
        name: [before[name], value] for name, value in asdict(details).items() if value != before[name]
    }
    if not changed:
        return False
    if detail is None:
        detail = BoroughDetail(area_code=area_code)
        session.add(detail)
    for name, (_was, value) in changed.items():
        setattr(detail, name, value)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="borough.changed",
        subject=f"borough:{area_code}",
        at=now,
        details=changed,
    )
    return True


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
