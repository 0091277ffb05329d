"""Publishing brings the feedback to every address, once, and only then is the consultation fed back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback import queries
from engage.feedback.ledger import service
from engage.feedback.models import Delivery, Feedback
from engage.feedback.tasks import PERIODIC, mail_out
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.jobs import Job, JobState
from engage.foundations.refusals import Refused
from engage.outbox.models import Mailing, OutboxMessage
from engage.responses.contacts import unsubscribe
from engage.responses.models import Contact
from engage.timetable.models import Entry
from tests.factories.consultations import OFFICER
from tests.factories.feedback import NOW, leave_contacts, make_decided, make_published, publish, write


@pytest.fixture
def work(work: Callable[..., None]) -> Callable[..., None]:
    """Let a worker do everything that is due, `later` than the feedback was published."""
    return lambda later=timedelta(): work(NOW + later)


def count(session: Session, model: type[Delivery | OutboxMessage | Mailing | Job]) -> int:
    return session.scalar(select(func.count(model.id))) or 0


def state(session: Session, consultation: Consultation) -> State:
    return session.scalars(select(Consultation.state).where(Consultation.id == consultation.id)).one()


def test_everybody_gets_one_message_with_the_result_in_it(
    session: Session, work: Callable[..., None], tmp_path: Path
) -> None:
    with transaction(session):
        other = make_decided(session)
        leave_contacts(session, other, "elsewhere@example.org")
        make_published(session, "ada@example.org", "bob@example.org")
    work()
    sent = [
        message_from_bytes(file.read_bytes(), policy=SMTP) for file in (tmp_path / "outbox").glob("*.eml")
    ]
    assert sorted(str(message["To"]) for message in sent) == ["ada@example.org", "bob@example.org"]
    message = sent[0]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith("<http://localhost/unsubscribe?token=")
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()
        for expected in (
            "Knife crime",
            "38%",
            "It is the first objective of the plan.",
            "/unsubscribe?token=",
        ):
            assert expected in text, kind
        assert "{{" not in text
        assert "0%" not in text.replace("30%", "").replace("20%", ""), "a withheld share is not shown"


def test_the_consultation_is_fed_back_once_no_message_waits(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        made, feedback = make_published(session, "ada@example.org")
    assert state(session, made) is State.DECIDED
    work()
    work(timedelta(minutes=1))
    assert state(session, made) is State.FED_BACK
    entry = session.get_one(Entry, made.entry_id, populate_existing=True)
    assert entry.fed_back_at == NOW + timedelta(minutes=1)
    actors = select(AuditEvent.actor).where(AuditEvent.action == "consultation.fed_back")
    assert session.scalars(actors).all() == [service.WORKER]
    reach = queries.reach(session, session.get_one(Feedback, feedback.id))
    assert (reach.owed, reach.reached, reach.share) == (1, 1, 1.0)


def test_while_a_message_waits_it_is_not_fed_back_and_a_dead_one_is_not_reached(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        made, feedback = make_published(session, "ada@example.org", "bob@example.org", "c@example.org")
    work()
    with transaction(session):
        messages = session.scalars(select(OutboxMessage).order_by(OutboxMessage.recipient)).all()
        messages[0].state, messages[0].done_at = JobState.QUEUED, None
        messages[0].not_before = NOW + timedelta(hours=1)
        messages[1].state, messages[1].done_at = JobState.DEAD, None
        session.flush()
    work(timedelta(minutes=1))
    assert state(session, made) is State.DECIDED
    work(timedelta(hours=2))
    work(timedelta(hours=3))
    reach = queries.reach(session, session.get_one(Feedback, feedback.id))
    assert (reach.owed, reach.reached, reach.waiting, reach.failed) == (3, 2, 0, 1)
    assert state(session, made) is State.DECIDED, "two of three is less than the target"
    with transaction(session):
        service.sign_off(
            session,
            actor=OFFICER,
            name="Olive Officer",
            now=NOW + timedelta(hours=3),
            feedback_id=feedback.id,
            reason="One address was mistyped.",
        )
    work(timedelta(hours=4))
    assert state(session, made) is State.FED_BACK


def test_feedback_that_nobody_waits_for_is_fed_back_at_once(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        made, _ = make_published(session)
    work()
    work(timedelta(minutes=1))
    assert state(session, made) is State.FED_BACK


def test_somebody_who_unsubscribed_is_not_in_the_ledger(session: Session, work: Callable[..., None]) -> None:
    with transaction(session):
        made = make_decided(session)
        leave_contacts(session, made, "ada@example.org", "gone@example.org")
        gone = session.scalars(select(Contact).where(Contact.address == "gone@example.org")).one()
        unsubscribe(session, contact_id=gone.id, today=NOW.date())
        write(session, made)
        publish(session, made)
    work()
    assert session.scalars(select(OutboxMessage.recipient)).all() == ["ada@example.org"]


def test_a_large_ledger_is_made_in_chunks_and_doing_one_again_changes_nothing(
    session: Session, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "CHUNK", 3)
    with transaction(session):
        _, feedback = make_published(session, *(f"n{number}@example.org" for number in range(8)))
    arguments = {"feedback_id": feedback.id, "after": None, "reason": "published"}
    with clock.stopped_at(NOW), transaction(session):
        mail_out(session, NOW, arguments)
        assert session.get_one(Feedback, feedback.id).mailed_at is None
    assert count(session, Delivery) == 3
    work()
    assert (count(session, Delivery), count(session, OutboxMessage), count(session, Mailing)) == (8, 8, 1)
    own = select(func.count(Job.id)).where(Job.name.in_([service.MAIL_OUT, service.BY_GROUPS]))
    assert session.scalar(own) == 4
    assert session.get_one(Feedback, feedback.id, populate_existing=True).mailed_at == NOW


def test_an_address_left_after_the_ledger_was_made_is_owed_too(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        made, feedback = make_published(session, "ada@example.org")
    work()
    with transaction(session):
        leave_contacts(session, made, "late@example.org")
    work(timedelta(minutes=1))
    work(timedelta(minutes=2))
    assert state(session, made) is State.FED_BACK
    reach = queries.reach(session, session.get_one(Feedback, feedback.id))
    assert (reach.owed, reach.reached) == (2, 2)


def test_feedback_is_refused_before_it_is_whole(session: Session) -> None:
    with transaction(session):
        closed = make_decided(session, State.CLOSED)
        write(session, closed)
    with pytest.raises(Refused, match="decided first"), transaction(session):
        publish(session, closed)
    with transaction(session):
        made = make_decided(session)
        write(session, made, reconciled="  ")
    with pytest.raises(Refused, match="Write why"), transaction(session):
        publish(session, made)
    assert count(session, Job) == 0


def test_published_feedback_is_neither_changed_nor_published_again(session: Session) -> None:
    with transaction(session):
        made, _ = make_published(session)
    with pytest.raises(Refused), transaction(session):
        write(session, made, said="Something else.")
    with pytest.raises(Refused), transaction(session):
        publish(session, made)
    assert count(session, Job) == 2


def test_only_the_task_that_is_declared_runs_every_minute() -> None:
    declared = ["feedback.settle", "feedback.remind_officers", "feedback.scatter_addresses"]
    assert list(PERIODIC) == declared
