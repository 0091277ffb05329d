"""What others ask of the groups: the tree below one, its addresses, its next meeting, what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.groups import queries
from engage.groups.models import GroupContact, GroupMeeting
from engage.groups.rules import GroupKind
from tests.factories.groups import make_group

NOW = datetime(2026, 9, 1, 18, 30, tzinfo=UTC)


def test_below_a_group_is_itself_and_every_group_under_it_however_deep(session: Session) -> None:
    top = make_group(session)
    child = make_group(session, kind=GroupKind.MEMBER_GROUP, parent_id=top.id)
    ended = make_group(session, kind=GroupKind.YOUTH, parent_id=child.id, active=False)
    deepest = make_group(session, kind=GroupKind.YOUTH, parent_id=ended.id)
    other = make_group(session)
    make_group(session, kind=GroupKind.MEMBER_GROUP, parent_id=other.id)

    assert queries.below(session, top.id) == [top.id, child.id, ended.id, deepest.id]
    assert queries.below(session, ended.id) == [ended.id, deepest.id]
    assert queries.below(session, 10**6) == []


def test_a_circle_in_the_data_does_not_hang_whoever_asks_what_is_below(session: Session) -> None:
    first = make_group(session, kind=GroupKind.YOUTH)
    second = make_group(session, kind=GroupKind.YOUTH, parent_id=first.id)
    first.parent_id = second.id
    session.flush()

    assert queries.below(session, first.id) == [first.id, second.id]


def test_each_group_has_the_addresses_of_its_contacts_each_once(session: Session) -> None:
    group, silent, other = make_group(session), make_group(session), make_group(session)
    for owner, email, telephone in (
        (group, "b@example.test", ""),
        (group, "", "020 7946 0000"),
        (group, "a@example.test", ""),
        (group, "b@example.test", ""),
        (other, "not-asked@example.test", ""),
    ):
        session.add(GroupContact(group_id=owner.id, name="Somebody", email=email, telephone=telephone))
        session.flush()

    assert queries.addresses_of(session, [group.id, silent.id]) == {
        group.id: ("b@example.test", "a@example.test"),
        silent.id: (),
    }
    assert queries.addresses_of(session, []) == {}


def test_the_next_meeting_is_the_first_after_the_moment_asked_about(session: Session) -> None:
    group, past, other = make_group(session), make_group(session), make_group(session)
    for owner, days in ((group, 60), (group, 30), (group, 0), (group, -30), (past, -1), (other, 1)):
        session.add(GroupMeeting(group_id=owner.id, starts_at=NOW + timedelta(days=days)))
    session.flush()

    assert queries.next_meetings(session, [group.id, past.id], NOW) == {group.id: NOW + timedelta(days=30)}
    assert queries.next_meetings(session, [], NOW) == {}


def test_a_merged_group_survives_in_what_it_became_however_many_times(session: Session) -> None:
    last = make_group(session)
    middle = make_group(session, active=False, merged_into_id=last.id)
    first = make_group(session, active=False, merged_into_id=middle.id)

    assert queries.surviving(session, first.id).id == last.id
    assert queries.surviving(session, last.id).id == last.id
    with pytest.raises(NoResultFound):
        queries.surviving(session, 10**6)
