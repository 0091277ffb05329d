"""Those who asked hear what became of the decisions: once a day at most, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.feedback.models import Feedback
from engage.feedback.updates import service
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import Job
from engage.outbox.models import Mailing, OutboxMessage
from engage.plan_export.deciding import progress
from engage.plan_export.models import Decision
from engage.plan_export.rules import Standing
from engage.responses.contacts import leave_contact, unsubscribe
from engage.responses.models import Contact
from tests.factories.feedback import NOW, leave_contacts, make_published
from tests.fixtures.client import PageClient

TODAY = date(2027, 6, 1)
Counting = Callable[[], AbstractContextManager[list[str]]]
A_DAY = timedelta(days=1)
# Ten in the morning, London's time, on whichever day the feedback was published.
MORNING = NOW.replace(hour=9, minute=0)


def want(session: Session, made: Consultation, *addresses: str) -> None:
    for address in addresses:
        leave_contact(session, consultation_id=made.id, address=address, today=TODAY, wants_updates=True)


def tell(session: Session, made: Consultation, code: str, said: str, at: datetime) -> None:
    chosen = select(Decision).where(Decision.consultation_id == made.id, Decision.priority_code == code)
    progress.record(
        session,
        actor="officer",
        now=at,
        decision_id=session.scalars(chosen).one().id,
        standing=Standing.UNDER_WAY,
        said=said,
    )


def updates(session: Session) -> list[tuple[str, str]]:
    rows = (
        select(OutboxMessage.recipient, Mailing.text_body)
        .join(Mailing, Mailing.id == OutboxMessage.mailing_id)
        .where(Mailing.key.startswith("update:"))
        .order_by(Mailing.id, OutboxMessage.recipient)
    )
    return [(address, text) for address, text in session.execute(rows)]


def test_who_asked_hears_all_that_is_new_once_a_day(
    session: Session, work: Callable[[datetime], None], tmp_path: Path
) -> None:
    with transaction(session):
        made, _ = make_published(session, "only-the-result@example.org")
        other, _ = make_published(session)
        want(session, other, "elsewhere@example.org")
        want(session, made, "ada@example.org", "bob@example.org", "gone@example.org")
        gone = session.scalars(select(Contact).where(Contact.address == "gone@example.org")).one()
        unsubscribe(session, contact_id=gone.id, today=TODAY)
    work(MORNING)
    with transaction(session):
        tell(session, made, "knife_crime", "The first ten schools & clubs have begun.", MORNING)
        tell(session, made, "parking", "Every borough was written to about it.", MORNING)
    work(MORNING + timedelta(hours=1))
    assert updates(session) == [], "the day's hour is over"
    work(MORNING + A_DAY)
    work(MORNING + A_DAY + timedelta(hours=5))
    sent = updates(session)
    assert [address for address, _ in sent] == ["ada@example.org", "bob@example.org"]
    text = sent[0][1]
    for expected in ("Knife crime", "first objective of the plan", "schools & clubs", "Parking", "Under way"):
        assert expected in text
    assert "Drones" not in text
    assert "38%" not in text, "nothing is said of what anybody answered"
    with transaction(session):
        tell(session, made, "knife_crime", "All of London's schools have begun.", MORNING + A_DAY)
    work(MORNING + A_DAY + timedelta(hours=6))
    assert len(updates(session)) == 2
    work(MORNING + 2 * A_DAY)
    work(MORNING + 3 * A_DAY)
    later = updates(session)[2:]
    assert [address for address, _ in later] == ["ada@example.org", "bob@example.org"]
    assert "All of London's schools" in later[0][1]
    assert "schools & clubs" not in later[0][1]
    counted = select(AuditEvent.details).where(AuditEvent.action == "updates.mailed").order_by(AuditEvent.id)
    assert [(one["decisions"], one["addresses"]) for one in session.scalars(counted)] == [(2, 2), (1, 2)]
    files = [
        message_from_bytes(file.read_bytes(), policy=SMTP) for file in (tmp_path / "outbox").glob("*.eml")
    ]
    mails = [one for one in files if "since" in str(one["Subject"])]
    assert len(mails) == 4
    for mail in mails:
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        body = mail.get_body(("html",)).get_content()
        assert "{{" not in body
        assert "/unsubscribe?token=" in body


def test_nobody_is_told_before_the_feedback_is_published_and_nothing_is_lost(
    session: Session, work: Callable[[datetime], None]
) -> None:
    with transaction(session):
        made, feedback = make_published(session)
        want(session, made, "ada@example.org")
        tell(session, made, "knife_crime", "The first schools have begun.", NOW - 2 * A_DAY)
        feedback.published_at = None
        session.query(Job).delete()
    work(MORNING)
    assert updates(session) == []
    with transaction(session):
        held = session.get_one(Feedback, feedback.id)
        held.published_at = held.mailed_at = MORNING
    work(MORNING + A_DAY)
    assert [address for address, _ in updates(session)] == ["ada@example.org"]


def test_a_chunk_of_500_takes_as_many_statements_as_one_of_5(session: Session, query_count: Counting) -> None:
    counts = []
    for many in (5, 500):
        with transaction(session):
            made, feedback = make_published(session)
            rows = [
                {
                    "id": uuid4(),
                    "consultation_id": made.id,
                    "address": f"n{number}@example.org",
                    "left_on": TODAY,
                    "wants_updates": True,
                }
                for number in range(many)
            ]
            session.execute(insert(Contact), rows)
            feedback.mailed_at = NOW
            tell(session, made, "knife_crime", "The first schools have begun.", NOW)
            service.begin(session, day=NOW.date(), until=NOW, threshold=10, now=NOW)
        key = f"update:{feedback.id}:{NOW.date().isoformat()}"
        arguments = {"feedback_id": feedback.id, "update": key, "decisions": 1, "after": None, "addresses": 0}
        with transaction(session), query_count() as statements:
            service.mail_chunk(session, arguments=arguments, now=NOW)
        counts.append(len(statements))
        assert len([1 for _, text in updates(session)]) == (5 if many == 5 else 505)
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_left_again_with_the_box_ticked_hears_later_and_never_less(session: Session) -> None:
    with transaction(session):
        made, _ = make_published(session, "ada@example.org", "bob@example.org")
        want(session, made, "Ada@example.org")
        leave_contacts(session, made, "ada@example.org")
    wishes = {one.address: one.wants_updates for one in session.scalars(select(Contact))}
    assert wishes == {"ada@example.org": True, "bob@example.org": False}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_officers_see_what_went_to_how_many_and_what_waits(
    session: Session, work: Callable[[datetime], None], officer_client: PageClient
) -> None:
    with transaction(session):
        made, _ = make_published(session)
        want(session, made, "ada@example.org")
        slug = made.slug
        tell(session, made, "knife_crime", "The first <b>schools</b> have begun.", NOW)
    url = f"/officer/consultations/{slug}/updates"
    work(MORNING)
    with clock.stopped_at(MORNING):
        assert "None yet." in officer_client.get_page(url).text
    work(MORNING + A_DAY)
    with clock.stopped_at(MORNING + A_DAY):
        page = officer_client.get_page(url)
    assert "1 decision, sent to 1 address." in page.text
    assert "<b>schools</b>" in page.text
    assert "ada@example.org" not in page.text
