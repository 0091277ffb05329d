"""Mail of many texts leaves no faster to a domain than mail of one, batch after batch."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engage.foundations.database import transaction
from engage.outbox import service
from engage.outbox.assorted import Wording, promise_assorted
from engage.outbox.models import OutboxMessage
from engage.outbox.service import Promise
from tests.factories.outbox import make_mailing

Counting = Callable[[], AbstractContextManager[list[str]]]
NOW = datetime(2027, 6, 2, 6, 0, tzinfo=UTC)
ONE, OTHER = Wording("One", "One text"), Wording("Other", "Another text")


def messages(domain: str, *numbers: int) -> list[Promise]:
    return [Promise(f"k-{domain}-{n}", f"p{n}@{domain}", {}) for n in numbers]


def leaves(session: Session, domain: str) -> list[int]:
    """Return after how many seconds each message to a domain may leave."""
    session.rollback()
    chosen = select(OutboxMessage.not_before).where(OutboxMessage.recipient.endswith(f"@{domain}"))
    moments = session.scalars(chosen.order_by(OutboxMessage.not_before, OutboxMessage.id))
    return [int((moment - NOW).total_seconds()) for moment in moments]


def promise(session: Session, texts: dict[Wording, list[Promise]], prefix: str = "news:") -> None:
    with transaction(session):
        promise_assorted(session, prefix=prefix, messages=texts, now=NOW, per_minute=2)


def test_several_texts_and_batches_together_keep_one_pace_for_each_domain(session: Session) -> None:
    promise(session, {ONE: messages("a.test", 1, 2) + messages("b.test", 1), OTHER: messages("a.test", 3)})
    promise(session, {OTHER: messages("a.test", 4), ONE: messages("c.test", 1)})
    assert leaves(session, "a.test") == [0, 30, 60, 90]
    assert leaves(session, "b.test") == leaves(session, "c.test") == [0]
    # Mail of another kind has a pace of its own.
    promise(session, {ONE: messages("a.test", 5)}, prefix="other:")
    assert leaves(session, "a.test") == [0, 0, 30, 60, 90]


def test_a_message_that_is_tried_again_hours_later_holds_up_no_other(session: Session) -> None:
    with transaction(session):
        mailing = make_mailing(session)
        service.promise(session, mailing=mailing, messages=messages("a.test", 1, 2), now=NOW, per_minute=2)
        again = OutboxMessage.__table__.c
        session.execute(
            update(OutboxMessage)
            .where(again.key == "k-a.test-1")
            .values(attempts=3, not_before=NOW + timedelta(hours=4))
        )
        service.promise(session, mailing=mailing, messages=messages("a.test", 3), now=NOW, per_minute=2)
    assert leaves(session, "a.test") == [30, 60, 4 * 3600]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pacing_takes_one_query_however_many_messages_texts_and_domains(
    session: Session, query_count: Counting
) -> None:
    counts = []
    for base, many in ((0, 2), (1000, 400)):
        numbers = range(base, base + many)
        texts = {Wording(f"T{n}", f"{n}"): messages(f"d{n % 40}.test", n) for n in numbers}
        with query_count() as statements:
            promise(session, texts)
        counts.append(len(statements))
    with query_count() as unpaced, transaction(session):
        plain = {ONE: messages("e.test", *range(2))}
        promise_assorted(session, prefix="news:", messages=plain, now=NOW)
    assert counts[0] == counts[1] == len(unpaced) + 1
