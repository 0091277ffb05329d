"""Two boroughs beside each other, each with a coordinator and all that is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.distribution.models import OutreachRequest
from engage.distribution.rules import LinkKind
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Route
from engage.foundations.database import Base
from engage.groups.models import GroupContact, GroupMeeting
from engage.groups.rules import GroupKind
from engage.people.models import Person
from engage.people.rules import Role
from engage.timetable.models import EntryGroup, Notice, NoticeReceipt
from engage.timetable.rules import NoticeKind
from tests.factories.distribution import make_link
from tests.factories.groups import make_group
from tests.factories.people import make_person
from tests.factories.responses import CLOSES, DURING, Exercise


@dataclass(frozen=True)
class Neighbour:
    """A coordinator. `arguments` is what addresses may name of theirs, by the name of the argument.

    Everything that somebody wrote for them holds `marker`, and their figures are `figures`.
    """

    marker: str
    figures: tuple[int, ...]
    person: Person
    group_ids: tuple[int, ...]
    arguments: Mapping[str, Sequence[Any]]


def make_neighbour(session: Session, exercise: Exercise, marker: str, *, figure: int) -> Neighbour:
    """Store a CPEG with a member group, people, links, a notice, a request, contacts and meetings."""
    cpeg = make_group(session, name=f"{marker} CPEG", code=f"{marker.lower()}-cpeg", about=f"About {marker}")
    member = make_group(
        session,
        name=f"{marker} Neighbours",
        code=f"{marker.lower()}-neighbours",
        kind=GroupKind.MEMBER_GROUP,
        parent_id=cpeg.id,
    )
    groups = (cpeg.id, member.id)
    cora = make_person(
        session,
        name=f"Cora {marker}",
        email=f"cora@{marker.lower()}.test",
        role=Role.COORDINATOR,
        group_id=cpeg.id,
    )
    invited = make_person(
        session,
        name=f"Ina {marker}",
        email=f"ina@{marker.lower()}.test",
        role=Role.COORDINATOR,
        group_id=member.id,
        password_hash=None,
    )
    figures = tuple(figure + number for number in range(6))
    links = _links(session, exercise, groups, marker, figures)
    contacts, meetings, receipts, requests = _told(session, exercise, groups, marker)
    arguments = {
        "code": [cpeg.code, member.code],
        "contact_id": contacts,
        "delivery_id": _owed(session, exercise, groups, marker),
        "link_id": links,
        "meeting_id": meetings,
        "person_id": [cora.id, invited.id],
        "receipt_id": receipts,
        "request_id": requests,
    }
    return Neighbour(marker, figures, cora, groups, arguments)


def _links(
    session: Session, exercise: Exercise, groups: tuple[int, int], marker: str, figures: Sequence[int]
) -> list[int]:
    made: list[int] = []
    for place, group_id in enumerate((*groups, groups[1])):
        event = place == 2
        link = make_link(
            session,
            consultation_id=exercise.consultation.id,
            group_id=group_id,
            code=f"{marker.lower()}-{place}",
            label=f"At the {marker}" if event else "",
            kind=LinkKind.EVENT if event else LinkKind.GROUP,
            parent_id=made[place - 1] if place else None,
            opened=figures[2 * place] + 100_000,
            submitted=figures[2 * place],
            target=figures[2 * place + 1],
            made_by=f"Maker {marker}",
        )
        made.append(link.id)
    return made


def _told(
    session: Session, exercise: Exercise, groups: tuple[int, int], marker: str
) -> tuple[list[int], list[int], list[int], list[int]]:
    entry_id = exercise.consultation.entry_id
    notice = Notice(
        entry_id=entry_id,
        kind=NoticeKind.ISSUED,
        opens_at=DURING,
        closes_at=CLOSES,
        said="",
        given_by="Officer <officer@example.test>",
        given_at=DURING - timedelta(days=100),
    )
    session.add(notice)
    session.flush()
    rows: dict[str, list[Base]] = {"contacts": [], "meetings": [], "receipts": [], "requests": []}
    for group_id in groups:
        session.add(EntryGroup(entry_id=entry_id, group_id=group_id))
        rows["contacts"].append(
            GroupContact(group_id=group_id, name=f"Con {marker}", email=f"con@{marker.lower()}.test")
        )
        rows["meetings"].append(
            GroupMeeting(group_id=group_id, starts_at=DURING + timedelta(days=9), place=f"{marker} Hall")
        )
        rows["receipts"].append(
            NoticeReceipt(
                notice_id=notice.id,
                group_id=group_id,
                issued_at=DURING - timedelta(days=100),
                seen_at=DURING,
                acknowledged_at=DURING,
                acknowledged_by=f"Knower {marker}",
                remark=f"Remark {marker}",
            )
        )
        rows["requests"].append(
            OutreachRequest(
                consultation_id=exercise.consultation.id,
                group_id=group_id,
                message=f"Please, {marker}",
                asked_by="Officer <officer@example.test>",
                asked_at=DURING,
            )
        )
    session.add_all(row for several in rows.values() for row in several)
    session.flush()
    contacts, meetings, receipts, requests = ([row.id for row in each] for each in rows.values())  # type: ignore[attr-defined]
    return contacts, meetings, receipts, requests


def _owed(session: Session, exercise: Exercise, groups: tuple[int, int], marker: str) -> list[int]:
    """Owe both groups the feedback of the consultation, which is published once for everybody."""
    published = select(Feedback).where(Feedback.consultation_id == exercise.consultation.id)
    feedback = session.scalars(published).one_or_none()
    if feedback is None:
        feedback = Feedback(
            consultation_id=exercise.consultation.id,
            said="Said.",
            decided="Decided.",
            reconciled="Reconciled.",
            published_at=DURING,
        )
        session.add(feedback)
        session.flush()
    owed = [
        Delivery(
            feedback_id=feedback.id,
            route=Route.CASCADE,
            group_id=group_id,
            state=DeliveryState.CONFIRMED,
            settled_at=DURING,
            reason=f"Teller {marker}: at the meeting",
        )
        for group_id in groups
    ]
    session.add_all(owed)
    session.flush()
    return [row.id for row in owed]


def all_of(session: Session, neighbour: Neighbour) -> dict[str, list[Any]]:
    """Return every row that is a neighbour's, by table: the group's, the person's, the link's."""
    people = [*neighbour.arguments["person_id"]]
    links = [*neighbour.arguments["link_id"]]
    owners = {"group_id": neighbour.group_ids, "person_id": people, "replaces_id": people, "link_id": links}
    found: dict[str, list[Any]] = {}
    for table in Base.metadata.sorted_tables:
        conditions = [table.c[name].in_(ids) for name, ids in owners.items() if name in table.c]
        if table.name == "community_group":
            conditions = [table.c.id.in_(neighbour.group_ids) | table.c.parent_id.in_(neighbour.group_ids)]
        for condition in conditions:
            rows = session.execute(select(table).where(condition).order_by(*table.primary_key.columns))
            found.setdefault(table.name, []).extend(tuple(row) for row in rows)
    return found
