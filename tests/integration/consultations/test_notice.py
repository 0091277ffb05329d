"""What a consultation owes the groups it asks: notice before it opens, and word of every change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import extending, service
from engage.consultations.extending import NewDates
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.consultations.service import NotReady
from engage.foundations.refusals import Refused
from engage.timetable.marks import set_groups
from engage.timetable.models import Entry, EntryNews, Notice, NoticeReceipt
from engage.timetable.notices.service import give_notice
from engage.timetable.rules import NewsKind, NoticeKind, closing_after
from engage.timetable.steps.service import cancel
from tests.factories.consultations import OFFICER, make_consultation
from tests.factories.groups import make_group
from tests.factories.timetable import BEFORE, OPENS

APRIL = datetime(2027, 4, 5, 9, 0, tzinfo=UTC)
LATE = datetime(2027, 4, 6, 9, 0, tzinfo=UTC)


def planned(session: Session, *names: str) -> Consultation:
    made = make_consultation(session, notice_given_on=None)
    set_groups(session, made.entry_id, [make_group(session, name=name).id for name in names])
    return made


def announce(session: Session, made: Consultation, now: datetime) -> None:
    service.announce(session, actor=OFFICER, now=now, consultation_id=made.id)


def open_(session: Session, made: Consultation, now: datetime = OPENS) -> None:
    service.open_consultation(session, actor=OFFICER, now=now, consultation_id=made.id, early=True)


def kinds(session: Session) -> list[NoticeKind]:
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def test_announcing_tells_the_groups_and_three_months_later_it_opens(session: Session) -> None:
    made = planned(session, "Barnet CPEG")
    announce(session, made, APRIL)
    assert kinds(session) == [NoticeKind.ISSUED]
    open_(session, made)
    assert made.state is State.OPEN


def test_a_group_that_was_told_a_day_late_keeps_it_shut_by_name(session: Session) -> None:
    made = planned(session, "Barnet CPEG")
    announce(session, made, APRIL)
    late = make_group(session, name="Late CPEG")
    held = set(session.scalars(select(NoticeReceipt.group_id)))
    set_groups(session, made.entry_id, held | {late.id})
    give_notice(session, actor=OFFICER, now=LATE, entry_id=made.entry_id)
    with pytest.raises(NotReady) as refusal:
        open_(session, made)
    assert "Late CPEG" in str(refusal.value)
    assert "Barnet" not in str(refusal.value)
    open_(session, made, datetime(2027, 7, 6, 8, 0, tzinfo=UTC))


def test_a_published_reason_by_a_named_role_lets_it_open_sooner(session: Session) -> None:
    made = planned(session, "Barnet CPEG")
    entry = session.get_one(Entry, made.entry_id)
    entry.urgent_reason, entry.urgent_authorised_by = "A ruling.", "The Chief Executive"
    session.flush()
    announce(session, made, BEFORE)
    open_(session, made)
    assert made.state is State.OPEN


def test_an_extension_is_told_to_the_groups_with_its_reason(session: Session) -> None:
    made = planned(session, "Barnet CPEG")
    announce(session, made, APRIL)
    open_(session, made)
    dates = NewDates(
        closes_at=closing_after(date(2027, 10, 14)),
        decision_due_on=date(2027, 11, 18),
        feedback_due_on=date(2027, 12, 16),
    )
    extending.extend(
        session, actor=OFFICER, now=OPENS, consultation_id=made.id, dates=dates, reason="The post was late."
    )
    last = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert last is not None
    assert (last.kind, last.closes_at, last.said) == (
        NoticeKind.EXTENDED,
        dates.closes_at,
        "The post was late.",
    )
    told = session.scalars(select(EntryNews).where(EntryNews.kind == NewsKind.EXTENDED)).one()
    assert told.said == "The post was late."


def test_what_was_cancelled_or_is_a_draft_neither_opens_nor_is_announced(session: Session) -> None:
    made = planned(session, "Barnet CPEG")
    announce(session, made, APRIL)
    cancel(session, actor=OFFICER, now=BEFORE, entry_id=made.entry_id, reason="No money.")
    with pytest.raises(Refused):
        open_(session, made)
    draft = make_consultation(session)
    session.get_one(Entry, draft.entry_id).published_at = None
    session.flush()
    with pytest.raises(Refused):
        announce(session, draft, APRIL)
