"""A group becomes part of another: nothing is lost, every total agrees."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.distribution import merging, queries, service, tree
from engage.distribution.merging import Moving
from engage.distribution.models import Link, OutreachRequest
from engage.distribution.rules import LinkKind
from engage.distribution.service import Wish
from engage.distribution.tree import rolled_up
from engage.foundations.refusals import Refused
from engage.groups import queries as groups
from engage.groups.models import Group, GroupCommunity, GroupContact, GroupMeeting
from engage.groups.rules import Community, GroupKind
from engage.people.models import Person
from engage.people.rules import Role
from engage.timetable.models import EntryGroup, Notice, NoticeReceipt
from engage.timetable.rules import NoticeKind
from tests.factories.boroughs import make_area
from tests.factories.consultations import make_consultation
from tests.factories.distribution import make_link
from tests.factories.groups import make_group
from tests.factories.people import make_person
from tests.factories.timetable import CLOSES, OPENS, make_entry

NOW = datetime(2027, 6, 2, 12, 0, tzinfo=UTC)
ACTOR = "Ada <ada@example.test>"


def merge(session: Session, group: Group, into: Group) -> Moving:
    moving = merging.merge_group(session, group_id=group.id, into_id=into.id, actor=ACTOR, now=NOW)
    session.commit()
    return moving


def make_receipt(session: Session, notice: Notice, group: Group, **overrides: object) -> NoticeReceipt:
    receipt = NoticeReceipt(notice_id=notice.id, group_id=group.id, issued_at=NOW, **overrides)
    session.add(receipt)
    session.flush()
    return receipt


def make_notice(session: Session) -> Notice:
    notice = Notice(
        entry_id=make_entry(session).id,
        kind=next(iter(NoticeKind)),
        opens_at=OPENS,
        closes_at=CLOSES,
        given_by=ACTOR,
        given_at=NOW,
    )
    session.add(notice)
    session.flush()
    return notice


def test_everything_that_a_group_has_goes_with_it(session: Session) -> None:
    make_area(session)
    gone, into = make_group(session, name="Gone"), make_group(session, name="Into", area_code="E09000007")
    bystander = make_group(session, name="Bystander")
    child = make_group(session, kind=GroupKind.YOUTH, parent_id=gone.id)
    person = make_person(session, role=Role.COORDINATOR, group_id=gone.id)
    other = make_person(session, role=Role.COORDINATOR, group_id=bystander.id)
    both, only = make_entry(session), make_entry(session)
    notice = make_notice(session)
    session.add_all(
        [
            GroupContact(group_id=gone.id, name="Ann", email="ann@example.test"),
            GroupContact(group_id=into.id, name="Bob", email="bob@example.test"),
            GroupMeeting(group_id=gone.id, starts_at=NOW),
            GroupMeeting(group_id=into.id, starts_at=NOW),
            GroupMeeting(group_id=gone.id, starts_at=NOW + timedelta(days=1)),
            GroupCommunity(group_id=gone.id, community=Community.WOMEN),
            GroupCommunity(group_id=gone.id, community=Community.MEN),
            GroupCommunity(group_id=into.id, community=Community.MEN),
            EntryGroup(entry_id=both.id, group_id=gone.id),
            EntryGroup(entry_id=both.id, group_id=into.id),
            EntryGroup(entry_id=only.id, group_id=gone.id),
            EntryGroup(entry_id=only.id, group_id=bystander.id),
            OutreachRequest(
                consultation_id=make_consultation(session).id,
                group_id=gone.id,
                message="Please ask them.",
                asked_by=ACTOR,
                asked_at=NOW,
            ),
        ]
    )
    make_receipt(session, notice, gone)
    session.flush()
    seen = merging.preview(session, group_id=gone.id, into_id=into.id)
    moving = merge(session, gone, into)
    assert moving == seen == Moving(1, 1, 1, 1, 1, 1, 1, 1, 0)
    session.expire_all()
    assert child.parent_id == person.group_id == into.id
    assert other.group_id == bystander.id
    assert (gone.active, gone.merged_into_id, gone.name) == (False, into.id, "Gone")
    assert groups.surviving(session, gone.id) is into
    assert groups.addresses_of(session, [into.id])[into.id] == ("ann@example.test", "bob@example.test")
    assert session.scalar(select(func.count()).where(GroupMeeting.group_id == into.id)) == 2
    assert session.scalar(select(func.count()).where(GroupMeeting.group_id == gone.id)) == 1
    asked = session.execute(
        select(EntryGroup.entry_id, EntryGroup.group_id).order_by(*EntryGroup.__table__.c)
    )
    assert [tuple(row) for row in asked] == [(both.id, into.id), (only.id, into.id), (only.id, bystander.id)]
    assert session.scalars(select(NoticeReceipt.group_id)).all() == [into.id]
    assert session.scalars(select(OutreachRequest.group_id)).all() == [into.id]
    told = session.scalars(select(AuditEvent).where(AuditEvent.action == "group.merged")).one()
    assert (told.actor, told.subject) == (ACTOR, f"group:{gone.code}")
    assert (told.details["into"], told.details["people"]) == (into.code, 1)


def test_of_a_notice_that_both_were_given_the_earlier_answer_stays(session: Session) -> None:
    gone, into = make_group(session, name="Gone"), make_group(session)
    notice = make_notice(session)
    early, late = NOW + timedelta(days=1), NOW + timedelta(days=2)
    make_receipt(
        session,
        notice,
        gone,
        seen_at=early,
        acknowledged_at=late,
        acknowledged_by="Ann",
        remark="We meet.",
    )
    kept = make_receipt(session, notice, into, seen_at=late, remark="Good.")
    merge(session, gone, into)
    session.expire_all()
    assert session.scalars(select(NoticeReceipt)).all() == [kept]
    assert (kept.seen_at, kept.acknowledged_at, kept.acknowledged_by) == (early, late, "Ann")
    assert kept.issued_at == NOW
    assert kept.remark == "Good.\nGone: We meet."


def test_links_stand_under_the_other_groups_and_keep_codes_and_counts(session: Session) -> None:
    consultation = make_consultation(session)
    gone, into = make_group(session, name="Gone"), make_group(session, name="Into")
    member = make_group(session, kind=GroupKind.YOUTH, parent_id=gone.id)
    alone = make_consultation(session)
    service.make_links(session, consultation_id=consultation.id, now=NOW)
    service.make_links_for(
        session, consultation_id=consultation.id, group_ids=[member.id], now=NOW, actor=ACTOR
    )
    # To another consultation only the group that ends has a link.
    only = make_link(session, consultation_id=alone.id, group_id=gone.id, submitted=9)
    link_of = {
        link.group_id: link
        for link in session.scalars(select(Link).where(Link.consultation_id == consultation.id))
    }
    link_of[gone.id].submitted, link_of[member.id].submitted, link_of[into.id].submitted = 10, 3, 5
    wish = Wish(LinkKind.POSTER, "Library")
    poster = service.make_link(session, parent_id=link_of[gone.id].id, wish=wish, now=NOW, actor=ACTOR)
    session.commit()
    assert link_of[member.id].parent_id == link_of[gone.id].id
    codes = sorted(link.code for link in session.scalars(select(Link)))
    assert merge(session, gone, into).links == 3
    session.expire_all()
    assert sorted(link.code for link in session.scalars(select(Link))) == codes
    (top,) = tree.grow(queries.links_of(session, consultation.id))
    nodes = tree.by_id([top])
    assert nodes[link_of[into.id].id].total.submitted == 18
    assert nodes[link_of[gone.id].id].above is nodes[link_of[into.id].id]
    assert nodes[link_of[member.id].id].above is nodes[link_of[into.id].id]
    assert nodes[poster.id].above is nodes[link_of[gone.id].id]
    assert queries.find_link(session, link_of[gone.id].code.upper()) is link_of[gone.id]
    # Whoever looks after the group that stays sees them all.
    seen = {link.id for link in queries.links_for_group(session, into.id)}
    assert seen == {link.id for link in link_of.values() if link.group_id} | {poster.id, only.id}
    # And its own link, once made, takes the other's under it.
    service.make_links(session, consultation_id=alone.id, now=NOW)
    session.expire_all()
    own = session.scalars(
        select(Link).where(Link.consultation_id == alone.id, Link.group_id == into.id)
    ).one()
    assert only.parent_id == own.id


def test_whoever_looked_after_a_member_group_before_does_not_see_it_afterwards(session: Session) -> None:
    before, after = make_group(session), make_group(session)
    gone = make_group(session, kind=GroupKind.YOUTH, parent_id=before.id)
    into = make_group(session, kind=GroupKind.FAITH, parent_id=after.id)
    link = make_link(session, consultation_id=make_consultation(session).id, group_id=gone.id)
    merge(session, gone, into)
    assert queries.links_for_group(session, before.id) == []
    assert [each.id for each in queries.links_for_group(session, after.id)] == [link.id]


def test_a_group_does_not_become_part_of_what_makes_no_sense(session: Session) -> None:
    cpeg, member = make_group(session), make_group(session, kind=GroupKind.YOUTH)
    below = make_group(session, kind=GroupKind.YOUTH, parent_id=member.id)
    ended = make_group(session, kind=GroupKind.YOUTH, active=False)
    police = make_group(session, kind=GroupKind.POLICE)
    session.commit()
    for group, into in (
        (member, member),
        (member, below),
        (member, ended),
        (member, cpeg),
        (cpeg, member),
        (member, police),
    ):
        for verb in (merging.preview, merging.merge_group):
            more = {"actor": ACTOR, "now": NOW} if verb is merging.merge_group else {}
            with pytest.raises(Refused):
                verb(session, group_id=group.id, into_id=into.id, **more)  # type: ignore[operator]
    assert session.scalar(select(func.count()).where(Group.merged_into_id.is_not(None))) == 0
    offered = merging.candidates(session, member)
    assert not {member, below, ended, cpeg, police} & set(offered)


def test_merging_again_changes_nothing_and_into_a_third_is_refused(session: Session) -> None:
    gone, into, third = make_group(session), make_group(session), make_group(session)
    merge(session, gone, into)
    assert merge(session, gone, into) == Moving(0, 0, 0, 0, 0, 0, 0, 0, 0)
    with pytest.raises(Refused, match="already"):
        merging.merge_group(session, group_id=gone.id, into_id=third.id, actor=ACTOR, now=NOW)
    session.rollback()
    merge(session, into, third)
    assert groups.surviving(session, gone.id) is third
    assert session.scalar(select(func.count()).where(AuditEvent.action == "group.merged")) == 2


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_is_merged_totals_agree_and_nothing_is_lost(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    made: list[Group] = [make_group(session) for _ in range(3)]
    for number in range(9):
        parent = chance.choice(made)
        made.append(make_group(session, kind=chance.choice(KINDS), parent_id=parent.id))
        session.add(GroupContact(group_id=made[-1].id, name=f"Contact {number}", telephone="020"))
    consultation = make_consultation(session)
    for group in chance.sample(made, 8):
        make_link(session, consultation_id=consultation.id, group_id=group.id, submitted=chance.randrange(40))
    session.add(GroupMeeting(group_id=chance.choice(made).id, starts_at=NOW))
    session.commit()
    answered = {group.id: chance.randrange(30) for group in made}
    before, totals = held(session, consultation.id), counted(session, answered)
    merged = 0
    for _ in range(12):
        gone, into = chance.sample(made, 2)
        try:
            merge(session, gone, into)
        except Refused:
            session.rollback()
            continue
        merged += 1
        assert held(session, consultation.id) == before
        after = counted(session, answered)
        assert sum(after.values()) == sum(totals.values())
        assert len(tree.grow(queries.links_of(session, consultation.id))) >= 1
    assert merged


KINDS = (GroupKind.YOUTH, GroupKind.FAITH, GroupKind.MEMBER_GROUP)


def held(session: Session, consultation_id: int) -> tuple[int, ...]:
    """Return what there is in all: rows of each kind, and what came by every link."""
    session.expire_all()
    rows = tuple(
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Group, GroupContact, GroupMeeting, Link, Person)
    )
    tops = tree.grow(queries.links_of(session, consultation_id))
    return (*rows, sum(top.total.submitted for top in tops))


def counted(session: Session, answered: dict[int, int]) -> dict[int, int]:
    """Return the responses by the group that results count them for."""
    counted_with = rolled_up(queries.group_lines(session))
    found: dict[int, int] = {}
    for group_id, number in answered.items():
        found[counted_with[group_id]] = found.get(counted_with[group_id], 0) + number
    return found


def test_a_day_of_vacancy_does_not_stand_in_the_way(session: Session) -> None:
    gone = make_group(session, vacant_since=date(2027, 1, 1), covered_by="The authority")
    assert merge(session, gone, make_group(session)).people == 0
