"""Telling groups: who is told, by which mail, once, and what they say back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.foundations.refusals import Refused
from engage.groups.models import Group, GroupContact
from engage.outbox.models import Mailing, OutboxMessage
from engage.people.rules import Role
from engage.timetable import asking
from engage.timetable.marks import set_groups
from engage.timetable.models import Entry, Notice, NoticeReceipt
from engage.timetable.notices import queries, service
from engage.timetable.rules import NoticeKind
from engage.timetable.steps import service as steps
from engage.timetable.steps.service import Postponed
from tests.factories.groups import make_group
from tests.factories.people import make_person
from tests.factories.timetable import AFTER, OPENS, make_entry

OFFICER = "Test officer <officer@example.test>"
APRIL = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
MAY = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)


def make_reached(session: Session, *emails: str, **said: Any) -> Group:
    """Return a group with a contact for each address."""
    group = make_group(session, **said)
    for email in emails:
        session.add(GroupContact(group_id=group.id, name="Somebody", email=email))
    session.flush()
    return group


def make_asking(session: Session, *groups: Group, **said: Any) -> Entry:
    entry = make_entry(session, **({"notice_given_on": None} | said))
    set_groups(session, entry.id, [group.id for group in groups])
    return entry


def give(session: Session, entry: Entry, now: datetime = APRIL) -> int:
    return service.give_notice(session, actor=OFFICER, now=now, entry_id=entry.id)


def written_to(session: Session, prefix: str = "notice:") -> list[str]:
    chosen = select(OutboxMessage.recipient).where(OutboxMessage.key.startswith(prefix))
    return list(session.scalars(chosen.order_by(OutboxMessage.recipient)))


def receipts(session: Session, group: Group) -> list[NoticeReceipt]:
    chosen = select(NoticeReceipt).where(NoticeReceipt.group_id == group.id).order_by(NoticeReceipt.id)
    return list(session.scalars(chosen))


def test_each_asked_group_is_told_once_at_every_address_it_has(session: Session) -> None:
    asked = make_reached(session, "chair@a.example", "secretary@a.example")
    make_person(session, role=Role.COORDINATOR, group_id=asked.id, email="coordinator@a.example")
    make_person(session, role=Role.COORDINATOR, group_id=asked.id, email="left@a.example", active=False)
    make_reached(session, "other@b.example")
    ended = make_reached(session, "ended@c.example", active=False)
    entry = make_asking(session, asked, ended)
    assert (give(session, entry), give(session, entry)) == (1, 0)
    assert written_to(session) == ["chair@a.example", "coordinator@a.example", "secretary@a.example"]
    assert [receipt.issued_at for receipt in receipts(session, asked)] == [APRIL]
    assert entry.notice_given_on == date(2027, 4, 1)
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "notice.given")).all()
    assert [(event.details["groups"], event.details["messages"]) for event in events] == [(1, 3)]


def test_the_mail_says_what_comes_when_and_to_whom_it_is(session: Session) -> None:
    group = make_reached(session, "chair@a.example", name="Waltham Forest {{name}} CPEG")
    give(session, make_asking(session, group, title="What matters <most>"))
    mailing = session.scalars(select(Mailing)).one()
    assert mailing.subject == "Coming up: What matters <most>"
    assert "To {{group}}" in mailing.text_body
    assert "Opens: 5 July 2027 at 9am" in mailing.text_body
    assert "Last day to answer: 30 September 2027" in mailing.text_body
    assert "/coordinator/notices" in mailing.text_body
    message = session.scalars(select(OutboxMessage)).one()
    assert message.personal == {"group": "Waltham Forest {{name}} CPEG"}
    assert "chair" not in message.key


def test_a_group_that_is_added_later_has_its_own_day_of_issue(session: Session) -> None:
    first, later = make_reached(session, "a@a.example"), make_reached(session, "b@b.example")
    entry = make_asking(session, first)
    give(session, entry)
    asking.add_groups(session, actor=OFFICER, now=MAY, entry_id=entry.id, group_ids=[later.id])
    assert give(session, entry, MAY) == 1
    standings = {each.group.id: each for each in queries.standings(session, entry, MAY)}
    assert (standings[first.id].issued_at, standings[later.id].issued_at) == (APRIL, MAY)
    assert (standings[first.id].clock.enough, standings[later.id].clock.enough) == (True, False)
    assert queries.short_of_notice(session, entry.id, OPENS) == (later.name,)
    assert entry.notice_given_on == date(2027, 4, 1)


def test_the_notice_of_a_vacant_group_goes_to_who_covers(session: Session) -> None:
    vacant = make_group(session, vacant_since=date(2027, 1, 4), covered_by="Ann Cover, Ann@cover.example")
    working = make_group(session, covered_by="nobody@cover.example")
    entry = make_asking(session, vacant, working)
    give(session, entry)
    assert written_to(session) == ["ann@cover.example"]
    without = [each.group.id for each in queries.standings(session, entry, APRIL) if not each.addresses]
    assert without == [working.id]


def test_what_a_group_has_become_is_told_in_its_place(session: Session) -> None:
    new = make_reached(session, "new@a.example")
    old = make_reached(session, "old@a.example", active=False, merged_into_id=new.id)
    entry = make_asking(session, old)
    give(session, entry)
    assert written_to(session) == ["new@a.example"]
    assert [each.group.id for each in queries.standings(session, entry, APRIL)] == [new.id]


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ({"published_at": None}, APRIL),
        ({"opened_at": OPENS, "closed_at": AFTER}, AFTER),
    ],
)
def test_groups_are_told_only_of_what_everybody_sees_and_can_still_answer(
    session: Session, said: dict[str, Any], now: datetime
) -> None:
    entry = make_asking(session, make_reached(session, "a@a.example"), **said)
    with pytest.raises(Refused):
        give(session, entry, now)
    assert written_to(session) == []


def test_a_day_of_notice_that_was_only_planned_gives_way_to_the_day_it_happened(session: Session) -> None:
    group = make_group(session)
    planned = make_asking(session, group, notice_given_on=date(2027, 4, 5))
    earlier = make_asking(session, group, notice_given_on=date(2027, 3, 1))
    give(session, planned)
    give(session, earlier)
    assert (planned.notice_given_on, earlier.notice_given_on) == (date(2027, 4, 1), date(2027, 3, 1))


def test_a_postponement_is_told_to_those_who_know_and_to_nobody_else(session: Session) -> None:
    told, not_told = make_reached(session, "a@a.example"), make_reached(session, "b@b.example")
    entry = make_asking(session, told)
    give(session, entry)
    asking.add_groups(session, actor=OFFICER, now=MAY, entry_id=entry.id, group_ids=[not_told.id])
    dates = Postponed(
        opens_at=datetime(2027, 7, 19, 8, 0, tzinfo=UTC),
        closes_at=entry.closes_at,
        decision_due_on=entry.decision_due_on,
        feedback_due_on=entry.feedback_due_on,
    )
    steps.postpone(session, actor=OFFICER, now=MAY, entry_id=entry.id, dates=dates, reason="An election.")
    last = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert last is not None
    assert (last.kind, last.opens_at, last.said) == (NoticeKind.POSTPONED, dates.opens_at, "An election.")
    assert written_to(session, f"notice:{last.id}:") == ["a@a.example"]
    assert (len(receipts(session, told)), receipts(session, not_told)) == (2, [])
    # The clock of who knew runs on from the first notice.
    (standing,) = [each for each in queries.standings(session, entry, MAY) if each.group.id == told.id]
    assert (standing.issued_at, standing.latest) == (APRIL, NoticeKind.POSTPONED)


def test_reminding_reaches_who_has_not_acknowledged_and_once_a_day(session: Session) -> None:
    silent, known = make_reached(session, "a@a.example"), make_reached(session, "b@b.example")
    entry = make_asking(session, silent, known)
    give(session, entry)
    (receipt,) = receipts(session, known)
    acknowledge(session, receipt.id, known)

    def remind(hour: int, day: int = 3) -> int:
        now = datetime(2027, 5, day, hour, 0, tzinfo=UTC)
        return service.remind(session, actor=OFFICER, now=now, entry_id=entry.id)

    assert (remind(9), remind(15), remind(9, day=4)) == (1, 0, 1)
    assert written_to(session, "notice-reminder:") == ["a@a.example", "a@a.example"]


def acknowledge(session: Session, receipt_id: int, *groups: Group, remark: str = "") -> NoticeReceipt:
    return service.acknowledge(
        session,
        actor="A coordinator",
        now=MAY,
        receipt_id=receipt_id,
        group_ids=[group.id for group in groups],
        remark=remark,
    )


def test_a_group_acknowledges_once_and_may_change_its_remark(session: Session) -> None:
    group = make_group(session)
    give(session, make_asking(session, group))
    (receipt,) = receipts(session, group)
    acknowledge(session, receipt.id, group, remark=" We meet in June. ")
    acknowledge(session, receipt.id, group, remark="We meet in May.")
    assert (receipt.seen_at, receipt.acknowledged_at, receipt.remark) == (MAY, MAY, "We meet in May.")
    with pytest.raises(Refused):
        acknowledge(session, receipt.id, group, remark="x" * 1001)


def test_nobody_acknowledges_for_another_group(session: Session) -> None:
    group, other = make_group(session), make_group(session)
    give(session, make_asking(session, group))
    (receipt,) = receipts(session, group)
    with pytest.raises(NoResultFound):
        acknowledge(session, receipt.id, other)
    assert receipt.acknowledged_at is None


def test_the_first_look_at_a_notice_stays(session: Session) -> None:
    group = make_group(session)
    give(session, make_asking(session, group))
    (receipt,) = receipts(session, group)
    for now in (APRIL, MAY):
        service.note_seen(session, receipt_id=receipt.id, now=now)
    session.refresh(receipt)
    assert receipt.seen_at == APRIL


def test_an_entry_that_asks_nobody_has_no_group_short_of_notice(session: Session) -> None:
    assert queries.short_of_notice(session, make_entry(session).id, OPENS) is None
