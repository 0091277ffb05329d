"""Mail is promised with the transaction, once for each key."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations.database import transaction
from engage.foundations.jobs import JobState
from engage.outbox import queries, service
from engage.outbox.models import Mailing, OutboxMessage
from engage.outbox.service import Promise
from tests.factories.outbox import NOW, make_mailing, promise_to, reread


def test_a_mailing_keeps_its_first_text(session: Session) -> None:
    with transaction(session):
        first = make_mailing(session, subject="First")
        second = make_mailing(session, subject="Second")
        make_mailing(session, key="result:2")
    assert (first.id, first.subject) == (second.id, "First")
    assert session.scalar(select(func.count(Mailing.id))) == 2


def test_a_message_promised_twice_stays_one_and_as_it_was(session: Session) -> None:
    with transaction(session):
        mailing = make_mailing(session)
        first = service.promise(
            session, mailing=mailing, messages=[Promise("k1", "ada@example.org", {"name": "Ada"})], now=NOW
        )
    with transaction(session):
        again = [Promise("k1", "other@example.org", {}), Promise("k2", "bob@example.org", {})]
        second = service.promise(session, mailing=mailing, messages=again, now=NOW)
    assert second["k1"] == first["k1"]
    assert set(second) == {"k1", "k2"}
    assert session.scalar(select(func.count(OutboxMessage.id))) == 2
    assert reread(session, first["k1"]).recipient == "ada@example.org"


def test_a_message_id_follows_from_the_key_and_the_host_of_the_site(session: Session) -> None:
    with transaction(session):
        [id] = promise_to(session, "ada@example.org")
    message = reread(session, id)
    assert message.message_id == service.message_id_of(message.key, "localhost")
    assert message.message_id.endswith("@localhost>")
    assert "ada" not in message.message_id
    assert service.message_id_of("another", "localhost") != message.message_id


def test_promises_go_with_a_transaction_that_fails(session: Session) -> None:
    promise_to(session, "ada@example.org")
    session.rollback()
    assert session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_nothing_is_promised_to_nobody(session: Session) -> None:
    with transaction(session):
        assert promise_to(session) == []


def test_states_are_counted_for_one_mailing(session: Session) -> None:
    with transaction(session):
        mailing = make_mailing(session)
        ids = promise_to(session, "a@example.org", "b@example.org", mailing=mailing)
        promise_to(session, "c@example.org", mailing=make_mailing(session, key="another"))
        reread_in_place = session.get_one(OutboxMessage, ids[0])
        reread_in_place.state, reread_in_place.done_at = JobState.DONE, NOW
        session.flush()
    tally = queries.tally_states(session, mailing.id)
    assert tally == {JobState.QUEUED: 1, JobState.DONE: 1, JobState.DEAD: 0}
