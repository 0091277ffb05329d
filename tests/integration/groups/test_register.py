"""The verbs of the register: what is kept, what is refused, and what the log says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.groups import keeping, queries, service
from engage.groups.details import BoroughDetails, ContactDetails, GroupDetails, MeetingDetails
from engage.groups.rules import Community, GroupKind, Standing, standing
from tests.factories.boroughs import make_area
from tests.factories.groups import make_group

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
WHO: dict[str, Any] = {"actor": "Tom <tom@example.test>", "now": NOW}
DETAILS = GroupDetails(name="Hackney Youth", kind=GroupKind.YOUTH)


def log(session: Session) -> list[tuple[str, str]]:
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(event.action, event.subject) for event in events]


def refused(field: str | None, verb: Any, *args: Any, **options: Any) -> None:
    with pytest.raises(Refused) as refusal:
        verb(*args, **WHO, **options)
    assert refusal.value.field == field


def test_a_group_is_added_with_a_code_of_its_name_and_logged(session: Session) -> None:
    make_group(session, code="hackney-youth", name="Another")
    details = replace(DETAILS, communities=frozenset({Community.YOUNG_PEOPLE, Community.WOMEN}), members=12)
    group = service.add_group(session, **WHO, details=details)
    assert group.code == "hackney-youth-2"
    assert queries.details_of(session, group) == details
    assert log(session) == [("group.added", "group:hackney-youth-2")]


def test_pressing_twice_adds_one_group(session: Session) -> None:
    service.add_group(session, **WHO, details=DETAILS)
    refused("name", service.add_group, session, details=replace(DETAILS, name="HACKNEY youth"))
    make_area(session)
    # Another borough's may have the same name.
    service.add_group(session, **WHO, details=replace(DETAILS, area_code="E09000007"))


def test_a_change_is_logged_with_what_it_said_before_and_none_is_not(session: Session) -> None:
    group = service.add_group(session, **WHO, details=DETAILS)
    changed = replace(DETAILS, about="New", communities=frozenset({Community.MEN}))
    assert service.change_group(session, **WHO, group_id=group.id, details=changed)
    assert not service.change_group(session, **WHO, group_id=group.id, details=changed)
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.details == {"about": ["", "New"], "communities": [[], ["men"]]}


def test_no_group_becomes_part_of_itself_however_long_the_way_round(session: Session) -> None:
    groups = [make_group(session, kind=GroupKind.YOUTH)]
    for _ in range(5):
        groups.append(make_group(session, kind=GroupKind.YOUTH, parent_id=groups[-1].id))
    top, lowest = groups[0], groups[-1]
    for parent in (top, lowest):
        circle = replace(DETAILS, parent_id=parent.id)
        refused("parent", service.change_group, session, group_id=top.id, details=circle)
    refused("parent", service.add_group, session, details=replace(DETAILS, name="B", parent_id=10**6))
    moved = replace(DETAILS, name="C", parent_id=top.id)
    assert service.change_group(session, **WHO, group_id=lowest.id, details=moved)


def test_a_borough_has_one_working_cpeg(session: Session) -> None:
    make_area(session)
    cpeg = GroupDetails(name="Camden CPEG", kind=GroupKind.CPEG, area_code="E09000007")
    first = service.add_group(session, **WHO, details=cpeg)
    second = replace(cpeg, name="Camden forum")
    refused("area_code", service.add_group, session, details=second)
    youth = make_group(session, kind=GroupKind.YOUTH, area_code="E09000007")
    refused("area_code", service.change_group, session, group_id=youth.id, details=second)
    service.end_group(session, **WHO, group_id=first.id)
    service.add_group(session, **WHO, details=second)
    refused("area_code", service.restore_group, session, group_id=first.id)


def test_a_vacancy_says_who_covers_until_it_is_filled(session: Session) -> None:
    group = make_group(session)
    since = date(2026, 11, 1)
    refused("covered_by", service.leave_vacant, session, group_id=group.id, since=since, covered_by=" ")
    service.leave_vacant(session, **WHO, group_id=group.id, since=since, covered_by="The office")
    assert (standing(group), group.active, group.covered_by) == (Standing.VACANT, True, "The office")
    assert queries.find_cpeg(session, group.area_code) is None or group.active
    service.fill_vacancy(session, **WHO, group_id=group.id)
    service.fill_vacancy(session, **WHO, group_id=group.id)
    assert (standing(group), group.covered_by) == (Standing.ACTIVE, "")
    assert [action for action, _subject in log(session)] == ["group.vacant", "group.filled"]


def test_an_ended_group_is_not_vacant_and_a_merged_one_stays_ended(session: Session) -> None:
    group, other = make_group(session, kind=GroupKind.YOUTH), make_group(session, kind=GroupKind.YOUTH)
    since = date(2026, 11, 1)
    service.leave_vacant(session, **WHO, group_id=group.id, since=since, covered_by="The office")
    service.end_group(session, **WHO, group_id=group.id)
    assert standing(group) is Standing.ENDED
    refused(None, service.leave_vacant, session, group_id=group.id, since=since, covered_by="The office")
    service.restore_group(session, **WHO, group_id=group.id)
    assert standing(group) is Standing.ACTIVE
    service.end_group(session, **WHO, group_id=group.id)
    group.merged_into_id = other.id
    session.flush()
    refused(None, service.restore_group, session, group_id=group.id)


def test_contacts_are_kept_for_their_own_group_and_never_named_in_the_log(session: Session) -> None:
    ours, theirs = make_group(session), make_group(session)
    details = ContactDetails(name="Ada Secret", email="Ada@example.test")
    contact = keeping.add_contact(session, **WHO, group_id=ours.id, details=details)
    assert keeping.add_contact(session, **WHO, group_id=ours.id, details=details) is contact
    rung = replace(details, email="", telephone="020 7946 0000")
    assert keeping.change_contact(session, **WHO, group_id=ours.id, contact_id=contact.id, details=rung)
    for verb, more in ((keeping.change_contact, {"details": rung}), (keeping.remove_contact, {})):
        with pytest.raises(NoResultFound):
            verb(session, **WHO, group_id=theirs.id, contact_id=contact.id, **more)  # type: ignore[operator]
    keeping.remove_contact(session, **WHO, group_id=ours.id, contact_id=contact.id)
    assert queries.contacts(session, [ours.id]) == {}
    said = [str(event.details) for event in session.scalars(select(AuditEvent))]
    assert len(said) == 3
    assert not [each for each in said if "Ada" in each or "ada@" in each or "7946" in each]


def test_a_meeting_is_kept_once_for_its_moment(session: Session) -> None:
    group, other = make_group(session), make_group(session)
    several = [MeetingDetails(starts_at=NOW + timedelta(days=30 * n)) for n in range(6)]
    assert keeping.add_meetings(session, **WHO, group_id=group.id, meetings=several) == 6
    assert keeping.add_meetings(session, **WHO, group_id=group.id, meetings=several) == 0
    assert keeping.add_meetings(session, **WHO, group_id=other.id, meetings=several[:1]) == 1
    first, second, *_rest = queries.meetings(session, [group.id])[group.id]
    onto_another = MeetingDetails(starts_at=second.starts_at)
    refused(
        "day", keeping.change_meeting, session, group_id=group.id, meeting_id=first.id, details=onto_another
    )
    moved = MeetingDetails(starts_at=NOW + timedelta(hours=1), place="Town Hall", open_to_public=True)
    keeping.change_meeting(session, **WHO, group_id=group.id, meeting_id=first.id, details=moved)
    assert queries.meeting_details(first) == moved
    with pytest.raises(NoResultFound):
        keeping.remove_meeting(session, **WHO, group_id=other.id, meeting_id=first.id)
    keeping.remove_meeting(session, **WHO, group_id=group.id, meeting_id=first.id)
    assert len(queries.meetings(session, [group.id])[group.id]) == 5


def test_what_a_borough_says_is_written_once_and_changed(session: Session) -> None:
    make_area(session)
    said = BoroughDetails(link_member="Ada", partnership="Together")
    assert keeping.save_borough(session, **WHO, area_code="E09000007", details=said)
    assert not keeping.save_borough(session, **WHO, area_code="E09000007", details=said)
    keeping.save_borough(session, **WHO, area_code="E09000007", details=BoroughDetails(link_member="Eve"))
    detail = queries.find_borough(session, "E09000007")
    assert queries.borough_details(detail) == BoroughDetails(link_member="Eve")
    with pytest.raises(NoResultFound):
        keeping.save_borough(session, **WHO, area_code="nowhere", details=said)
