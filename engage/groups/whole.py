"""Everything that one group's page says, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.groups import queries
from engage.groups.models import Group, GroupContact, GroupMeeting
from engage.groups.rules import Community, Standing, standing
from engage.outbox.queries import Bounced, bounced
from engage.people.models import Person

LAST_MEETINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A group with what belongs to it. `below`: the groups directly below that have not ended.

    `bounced`: the addresses of contacts and coordinators from which mail comes back.
    """

    group: Group
    standing: Standing
    area: Area | None
    parent: Group | None
    became: Group | None
    communities: Sequence[Community]
    below: Sequence[Group]
    contacts: Sequence[GroupContact]
    coming: Sequence[GroupMeeting]
    past: Sequence[GroupMeeting]
    coordinators: Sequence[Person]
    bounced: Mapping[str, Bounced]


def whole(session: Session, group: Group, now: datetime) -> Whole:
    """Return everything that the page of `group` says at `now`; of past meetings the last ones."""
    reached = queries.communities(session, [group.id]).get(group.id, frozenset())
    meetings = queries.meetings(session, [group.id]).get(group.id, [])
    past = [meeting for meeting in meetings if meeting.starts_at <= now]
    contacts = queries.contacts(session, [group.id]).get(group.id, [])
    coordinators = _coordinators(session, group.id)
    addresses = [contact.email for contact in contacts] + [person.email for person in coordinators]
    return Whole(
        group=group,
        standing=standing(group),
        area=session.get(Area, group.area_code) if group.area_code else None,
        parent=session.get(Group, group.parent_id) if group.parent_id else None,
        became=queries.surviving(session, group.id) if group.merged_into_id else None,
        communities=[community for community in Community if community in reached],
        below=queries.members_of(session, group.id),
        contacts=contacts,
        coming=[meeting for meeting in meetings if meeting.starts_at > now],
        past=past[: -LAST_MEETINGS - 1 : -1],
        coordinators=coordinators,
        bounced=bounced(session, [address for address in addresses if address]),
    )


def _coordinators(session: Session, group_id: int) -> list[Person]:
    """Return who looks after a group, by name; accounts that were closed are left out."""
    chosen = select(Person).where(Person.group_id == group_id, Person.active.is_(True))
    return list(session.scalars(chosen.order_by(Person.name, Person.id)))
