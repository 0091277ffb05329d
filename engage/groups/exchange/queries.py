"""The register as records of a file."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.boroughs.queries import places
from engage.groups import queries
from engage.groups.exchange.columns import Record
from engage.groups.exchange.plan import Register
from engage.groups.models import Group


def records(session: Session, group_ids: Collection[int]) -> list[Record]:
    """Return these groups as records, in the order of the ids; five queries however many they are."""
    wanted = list(group_ids)
    groups = {group.id: group for group in session.scalars(select(Group).where(Group.id.in_(wanted)))}
    codes = dict(iter(session.execute(select(Group.id, Group.code))))
    reached = queries.communities(session, wanted)
    contacts = queries.contacts(session, wanted)
    meetings = queries.meetings(session, wanted)
    return [
        Record(
            code=group.code,
            name=group.name,
            kind=group.kind,
            area_code=group.area_code,
            parent=codes[group.parent_id] if group.parent_id else "",
            active=group.active,
            vacant_since=group.vacant_since,
            covered_by=group.covered_by,
            about=group.about,
            website=group.website,
            members=group.members,
            communities=reached.get(group.id, frozenset()),
            contacts=tuple(map(queries.contact_details, contacts.get(group.id, ()))),
            meetings=tuple(map(queries.meeting_details, meetings.get(group.id, ()))),
        )
        for group in (groups[group_id] for group_id in wanted)
    ]


def area_names(session: Session) -> dict[str, str]:
    """Return the names of the boroughs and the City by their codes."""
    return {area.code: area.name for area in places(session)}


def register(session: Session) -> Register:
    """Return the whole register as it is now."""
    everybody = session.execute(select(Group.id, Group.code, Group.merged_into_id).order_by(Group.id)).all()
    held = records(session, [group_id for group_id, _code, _into in everybody])
    merged = frozenset(code for _id, code, into in everybody if into is not None)
    return Register({record.code: record for record in held}, area_names(session), merged)
