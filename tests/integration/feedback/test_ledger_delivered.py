"""The ledger says delivered where GOV.UK Notify says so, and what is told later is honoured."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.feedback import queries
from engage.feedback.ledger.following import follow
from engage.feedback.ledger.queries import Wanted, page
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Route
from engage.feedback.tasks import mail_out
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.foundations.settings import Notify
from engage.outbox import receipts
from engage.outbox.models import BouncedAddress, OutboxMessage
from engage.outbox.notify import NotifyTransport
from engage.outbox.notify_rules import Receipt
from engage.outbox.rendering import read_sender
from engage.outbox.rules import Pace
from engage.outbox.sending import send_batch
from engage.responses.contacts import unsubscribe
from engage.responses.models import Contact
from tests.factories.feedback import NOW, leave_contacts, make_published
from tests.factories.notify import KEY, TEMPLATE, notify_host
from tests.fixtures.client import PageClient

LATER = NOW + timedelta(minutes=5)
ADA, BEN, CY, DEE, EVE = (f"{name}@example.org" for name in ("ada", "ben", "cy", "dee", "eve"))


@pytest.fixture
def feedback(session: Session, app: Flask) -> Feedback:
    """Feedback in the ledger that four people wait for."""
    with transaction(session):
        _, feedback = make_published(session, ADA, BEN, CY, DEE)
    with clock.stopped_at(NOW), transaction(session):
        mail_out(session, NOW, {"feedback_id": feedback.id, "after": None, "reason": "published"})
        session.execute(update(OutboxMessage).values(not_before=NOW))
    return feedback


def sent(session: Session) -> None:
    """Let a worker hand everything to Notify."""
    sender = read_sender("Engage <engage@example.org>")
    with notify_host() as host, clock.stopped_at(NOW):
        transport = NotifyTransport(host.account())
        send_batch(session, transport, sender=sender, pace=Pace(), stopping=lambda: False)
        assert host.copies().total() == 4


def told(session: Session, address: str, status: str, minutes: int = 5) -> None:
    """Let Notify report this of the message to an address, and the ledger follow."""
    now = NOW + timedelta(minutes=minutes)
    with transaction(session):
        of = select(OutboxMessage.message_id).where(OutboxMessage.recipient == address)
        assert receipts.note(session, receipt=Receipt(session.scalars(of).one(), status), now=now)
    followed(session)


def followed(session: Session) -> None:
    with transaction(session):
        follow(session, LATER)
    session.expire_all()


def states(session: Session, feedback: Feedback) -> dict[str, DeliveryState]:
    return {line.who: line.state for line in page(session, feedback.id, Wanted(), number=1).lines}


def test_what_left_is_sent_and_what_arrived_is_delivered(session: Session, feedback: Feedback) -> None:
    sent(session)
    told(session, ADA, "delivered")
    told(session, BEN, "permanent-failure")
    told(session, CY, "temporary-failure")
    followed(session)
    assert states(session, feedback) == {
        ADA: DeliveryState.DELIVERED,
        BEN: DeliveryState.BOUNCED,
        CY: DeliveryState.BOUNCED,
        DEE: DeliveryState.SENT,
    }
    reach = queries.reach(session, session.get_one(Feedback, feedback.id))
    assert (reach.owed, reach.reached, reach.waiting, reach.failed) == (4, 2, 0, 2)
    assert session.scalars(select(BouncedAddress.address)).all() == [BEN]
    row = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.DELIVERED)).one()
    assert (row.settled_at, row.attempts, row.reason) == (LATER, 1, "")


def test_a_failure_that_is_told_after_delivery_is_honoured(session: Session, feedback: Feedback) -> None:
    sent(session)
    told(session, ADA, "delivered")
    told(session, ADA, "permanent-failure", minutes=9)
    told(session, BEN, "temporary-failure")
    told(session, BEN, "delivered", minutes=9)
    found = states(session, feedback)
    assert (found[ADA], found[BEN]) == (DeliveryState.BOUNCED, DeliveryState.DELIVERED)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.DEAD])
def test_what_arrived_is_delivered_whatever_the_worker_knows(
    session: Session, feedback: Feedback, state: JobState
) -> None:
    """A worker was killed, or its answers were lost: Notify had taken the message all the same."""
    with transaction(session):
        session.execute(update(OutboxMessage).values(state=state, last_error="no answer", attempts=14))
    told(session, ADA, "delivered")
    followed(session)
    assert states(session, feedback)[ADA] is DeliveryState.DELIVERED
    assert states(session, feedback)[BEN] is not DeliveryState.DELIVERED


def test_the_row_says_so_after_message_and_address_are_gone(session: Session, feedback: Feedback) -> None:
    sent(session)
    told(session, ADA, "delivered")
    before = queries.reach(session, session.get_one(Feedback, feedback.id))
    with transaction(session):
        session.execute(delete(OutboxMessage))
        session.execute(delete(Contact))
    followed(session)
    kept = session.scalars(select(Delivery.state).order_by(Delivery.state)).all()
    assert kept.count(DeliveryState.DELIVERED) == 1
    assert queries.reach(session, session.get_one(Feedback, feedback.id)) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_ledger_shows_who_has_it(
    officer_client: PageClient, session: Session, feedback: Feedback
) -> None:
    sent(session)
    told(session, ADA, "delivered")
    slug = session.scalars(select(Consultation.slug)).one()
    address = f"/officer/consultations/{slug}/feedback/ledger"
    shown = officer_client.get_page(f"{address}?state=delivered").text
    assert ADA in shown
    assert BEN not in shown
    assert b'"ada@example.org","delivered"' in officer_client.get(f"{address}.csv").data


def test_a_row_says_which_way_the_mail_took_and_a_change_of_way_lists_nobody_again(
    session: Session, app: Flask, feedback: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(session):
        leave_contacts(session, session.get_one(Consultation, feedback.consultation_id), EVE)
    by_notify = replace(app.config["SETTINGS"], notify=Notify(api_key=KEY, template=TEMPLATE))
    monkeypatch.setitem(app.config, "SETTINGS", by_notify)
    with clock.stopped_at(NOW), transaction(session):
        mail_out(session, NOW, {"feedback_id": feedback.id, "after": None, "reason": "late"})
    rows = select(Contact.address, Delivery.route).join(Contact, Contact.id == Delivery.contact_id)
    ways = {address: str(route) for address, route in session.execute(rows)}
    assert ways == dict.fromkeys((ADA, BEN, CY, DEE), "email") | {EVE: "notify"}
    with transaction(session):
        eve = session.scalars(select(Contact.id).where(Contact.address == EVE)).one()
        unsubscribe(session, contact_id=eve, today=NOW.date())
        follow(session, LATER)
    state = select(Delivery.state).where(Delivery.route == Route.NOTIFY)
    assert session.scalars(state).one() is DeliveryState.UNDELIVERABLE
