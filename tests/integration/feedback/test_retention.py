"""Addresses go when their purpose has ended, complaints stop mail at once, and the ledger keeps its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback import complaints, retention
from engage.feedback.models import Delivery, Feedback, PostalContact, RetentionRun
from engage.feedback.retention_rules import Ended, Held, ended, limits
from engage.foundations.database import transaction
from engage.foundations.jobs import Job, JobState
from engage.outbox import bounces
from engage.outbox.bounces import COMPLAINT, Returned, complain, read_bounce_address, read_return_address
from engage.outbox.models import OutboxMessage
from engage.responses.contacts import STOPPED
from engage.responses.models import Contact
from tests.factories.consultations import make_consultation
from tests.factories.feedback import NOW, leave_contacts, make_decided
from tests.factories.outbox import promise_to

LATER = NOW + timedelta(days=40)


def fed_back(session: Session) -> Consultation:
    """Return a consultation that was fed back to Ann and Bob; Bob wants updates."""
    made = make_decided(session)
    leave_contacts(session, made, "ann@example.org", "bob@example.org")
    feedback = Feedback(consultation_id=made.id, said="a", decided="b", reconciled="c", published_at=NOW)
    session.add(feedback)
    session.flush()
    for contact in session.scalars(select(Contact).order_by(Contact.address)).all():
        contact.wants_updates = contact.address == "bob@example.org"
        [message_id] = promise_to(session, contact.address)
        key = f"feedback:{feedback.id}:email:{contact.id}"
        session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(key=key))
        session.add(
            Delivery(feedback_id=feedback.id, route="email", contact_id=contact.id, message_id=message_id)
        )
    session.add(
        PostalContact(
            consultation_id=made.id, name="Cy", lines="1 Road", postcode="N1 1AA", left_on=NOW.date()
        )
    )
    session.flush()
    return made


def end(session: Session) -> None:
    session.execute(update(Consultation).values(state=State.FED_BACK, fed_back_at=NOW))
    session.execute(update(OutboxMessage).values(state=JobState.DONE, done_at=NOW))
    session.commit()
    session.expire_all()


def test_addresses_go_and_the_ledger_and_a_report_stay(session: Session) -> None:
    with transaction(session):
        made = fed_back(session)
    end(session)
    for _ in range(2):
        with transaction(session):
            retention.run(session, LATER)
    assert session.scalars(select(Contact.address)).all() == ["bob@example.org"]
    assert session.scalars(select(OutboxMessage.recipient)).all() == ["bob@example.org"]
    assert session.scalar(select(func.count()).select_from(PostalContact)) == 0
    session.expire_all()
    rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert sorted((row.contact_id is None, row.message_id is None) for row in rows) == [
        (False, False),
        (True, True),
    ]
    [report] = session.scalars(select(RetentionRun)).all()
    assert (report.consultation_id, report.contacts, report.messages) == (made.id, 2, 1)
    assert report.reason == Ended.FED_BACK


def test_nothing_goes_before_the_feedback_has_come(session: Session) -> None:
    with transaction(session):
        fed_back(session)
    with transaction(session):
        retention.run(session, LATER)
    assert session.scalar(select(func.count()).select_from(Contact)) == 2
    assert session.scalar(select(func.count()).select_from(PostalContact)) == 1
    assert session.scalars(select(RetentionRun)).all() == []


def test_old_mail_loses_its_address_and_keeps_its_key(session: Session) -> None:
    with transaction(session):
        fed_back(session)
    end(session)
    with transaction(session):
        retention.run(session, NOW + timedelta(days=91))
    message = session.scalars(select(OutboxMessage)).one()
    assert (message.recipient, message.personal) == ("", {})
    assert message.key.startswith("feedback:")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_statements_choose_whom_the_rule_chooses(session: Session) -> None:
    days: tuple[int | None, ...] = (None, 0, 29, 30, 31, 729, 730)
    expected: dict[str, Ended | None] = {}
    over = limits(now=LATER, today=LATER.date())
    with transaction(session):
        for since in days:
            fed_back_at = None if since is None else LATER - timedelta(days=since)
            made = make_consultation(session, State.DECIDED)
            if fed_back_at is not None:
                made.state, made.fed_back_at = State.FED_BACK, fed_back_at
            for stopped, wants in product((None, 0, 29, 30), (True, False)):
                address = f"{since}.{stopped}.{wants}@example.org".lower()
                unsubscribed_on = None if stopped is None else LATER.date() - timedelta(days=stopped)
                leave_contacts(session, made, address)
                session.execute(
                    update(Contact)
                    .where(Contact.address == address)
                    .values(unsubscribed_on=unsubscribed_on, wants_updates=wants)
                )
                expected[address] = ended(Held(fed_back_at, wants, unsubscribed_on), over)
    with transaction(session):
        assert not retention.run(session, LATER)
    kept = {address for address, why in expected.items() if why is None}
    assert set(session.scalars(select(Contact.address))) == kept
    reasons = select(RetentionRun.reason, func.sum(RetentionRun.contacts)).group_by(RetentionRun.reason)
    assert dict(session.execute(reasons).all()) == Counter(why for why in expected.values() if why)


def test_much_is_deleted_in_rounds_with_a_few_rows_in_hand(
    session: Session, work: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    monkeypatch.setattr(retention, "A_ROUND", 2)
    with transaction(session):
        made = fed_back(session)
        leave_contacts(session, made, *(f"n{number}@example.org" for number in range(14)))
    end(session)
    with transaction(session):
        assert retention.run(session, LATER)
    assert session.scalar(select(func.count()).select_from(Contact)) == 16 - 6
    session.rollback()
    work(LATER)
    assert session.scalars(select(Contact.address)).all() == ["bob@example.org"]
    counts = select(RetentionRun.contacts).where(RetentionRun.consultation_id == made.id)
    assert session.scalars(counts.order_by(RetentionRun.id)).all() == [6, 6, 4]


def test_it_is_done_once_a_day_however_many_workers_ask(
    session: Session, work: Callable[[datetime], None]
) -> None:
    night = LATER.replace(hour=0)
    asked = select(Job.arguments).where(Job.name == retention.RETENTION).order_by(Job.id)
    for hours in (0.0, 2.9):
        work(night + timedelta(hours=hours))
    assert session.scalars(asked).all() == [], "not before three in the morning"
    session.rollback()
    for hours in (3.0, 3.1, 5.0, 23.9, 25.0, 27.0):
        work(night + timedelta(hours=hours))
        work(night + timedelta(hours=hours))
    first, second = LATER.date(), LATER.date() + timedelta(days=1)
    assert [asked["day"] for asked in session.scalars(asked)] == [first.isoformat(), second.isoformat()]


def test_a_complaint_stops_a_consultations_mail_without_anybody(session: Session) -> None:
    with transaction(session):
        fed_back(session)
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "ann@example.org")).one()
    ours = read_bounce_address("bounces@mail.example")
    assert ours is not None
    returned = read_return_address(ours, bounces.return_address(ours, message))
    assert returned is not None
    with transaction(session):
        assert not complain(session, returned=Returned(message.id, "a" * 16), now=NOW)
        assert complain(session, returned=returned, now=NOW)
        assert complain(session, returned=returned, now=NOW)
    [job] = session.scalars(select(Job).where(Job.name == COMPLAINT)).all()
    with transaction(session):
        complaints.honour(session, NOW, job.arguments)
    session.expire_all()
    stopped: dict[str, date | None] = dict(
        session.execute(select(Contact.address, Contact.unsubscribed_on)).all()
    )
    assert stopped == {"ann@example.org": NOW.date(), "bob@example.org": None}
    ended = select(OutboxMessage.recipient, OutboxMessage.last_error).where(
        OutboxMessage.state == JobState.DEAD
    )
    assert session.execute(ended).all() == [("ann@example.org", STOPPED)]
