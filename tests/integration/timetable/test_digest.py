"""The day's news: to whom, what, when, once."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engage.foundations.database import transaction
from engage.foundations.jobs import Job
from engage.outbox.models import Mailing, OutboxMessage
from engage.timetable.marks import Marks, set_marks
from engage.timetable.models import Entry, Subscription
from engage.timetable.news import tell
from engage.timetable.rules import NewsKind, Topic
from engage.timetable.subscriptions import service, tasks
from tests.factories.boroughs import make_area
from tests.factories.outbox import sink
from tests.factories.subscriptions import ASKED, make_subscription
from tests.factories.timetable import make_entry

Counting = Callable[[], AbstractContextManager[list[str]]]
SEVEN = datetime(2027, 6, 2, 6, 0, tzinfo=UTC)
EVENING = SEVEN - timedelta(hours=10)
A_DAY = timedelta(days=1)
CAMDEN = "E09000007"


def happen(
    session: Session, kind: NewsKind = NewsKind.ANNOUNCED, at: datetime = EVENING, **entry: Any
) -> Entry:
    topics = entry.pop("topics", ())
    said = entry.pop("said", "")
    made = make_entry(session, **entry)
    set_marks(session, made.id, Marks(topics=topics))
    tell(session, entry_id=made.id, kind=kind, at=at, said=said)
    return made


def told(session: Session) -> dict[str, list[str]]:
    """Return the texts sent to each address."""
    session.rollback()
    rows = session.execute(
        select(OutboxMessage.recipient, Mailing.text_body)
        .join(Mailing, Mailing.id == OutboxMessage.mailing_id)
        .order_by(OutboxMessage.id)
    )
    found: dict[str, list[str]] = {}
    for address, text in rows:
        found.setdefault(address, []).append(text)
    return found


def test_each_reader_hears_of_what_they_chose_once_a_day(session: Session, work: Callable[..., None]) -> None:
    with transaction(session):
        make_area(session)
        make_area(session, code="E09000003", name="Barnet", tile_row=1, tile_column=3)
        everything = make_subscription(session).address
        camden = make_subscription(session, areas=(CAMDEN,)).address
        custody = make_subscription(session, topics=("custody",)).address
        quiet = make_subscription(session, areas=("E09000003",), topics=("budget",)).address
        late = make_subscription(session, told_until=SEVEN - timedelta(minutes=5)).address
        unconfirmed = make_subscription(session, confirmed_at=None).address
        happen(session, title="Cells of Camden", area_code=CAMDEN, topics=(Topic.CUSTODY,))
        happen(session, title="A draft", published_at=None)
        happen(session, title="Long ago", at=ASKED - A_DAY)
        happen(session, title="Tomorrow", at=SEVEN + timedelta(hours=1))
    work(SEVEN - timedelta(minutes=1))
    assert told(session) == {}
    work(SEVEN)
    found = told(session)
    assert found.keys() == {everything, camden, custody}
    for [text] in found.values():
        assert "Cells of Camden" in text
        assert not any(other in text for other in ("A draft", "Long ago", "Tomorrow"))
    assert not {quiet, late, unconfirmed} & found.keys()
    work(SEVEN + timedelta(hours=3))
    assert told(session) == found
    work(SEVEN + A_DAY)
    again = told(session)
    assert "Tomorrow" in again[everything][1]
    assert "Cells of Camden" not in again[everything][1]
    assert "Tomorrow" in again[late][0]


def test_a_worker_that_rested_tells_everything_in_one_message(
    session: Session, work: Callable[..., None]
) -> None:
    with transaction(session):
        reader = make_subscription(session).address
        one = happen(session, title="Stop & search", kind=NewsKind.OPENED, at=EVENING - 5 * A_DAY)
        tell(session, entry_id=one.id, kind=NewsKind.EXTENDED, at=EVENING, said="Many asked for <more> time.")
        happen(
            session,
            NewsKind.FED_BACK,
            title="Old business",
            fed_back_at=EVENING,
            opened_at=ASKED,
            closed_at=ASKED,
        )
    work(SEVEN + timedelta(hours=9))
    [text] = told(session)[reader]
    assert text.count("Stop & search") == 1
    assert text.index("More time to answer (1 June 2027): Many asked for <more> time.") < text.index(
        "Opened (27 May 2027)"
    )
    assert "you can read what came of it" in text
    subject, html = session.execute(select(Mailing.subject, Mailing.html_body)).one()
    assert subject == "Asking London about policing: news of 2 entries, 2 June 2027"
    assert "Stop &amp; search" in html
    assert "&lt;more&gt;" in html


def test_a_batch_that_is_done_twice_writes_once(session: Session) -> None:
    day = SEVEN.date()
    with transaction(session):
        make_subscription(session)
        happen(session)
    for _ in range(2):
        with transaction(session):
            session.execute(Subscription.__table__.update().values(told_until=ASKED))
            service.tell(session, day=day, until=SEVEN, after=None, now=SEVEN)
    assert session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_addresses_leave_the_outbox_after_a_week(session: Session, work: Callable[..., None]) -> None:
    with transaction(session):
        make_subscription(session)
        happen(session)
    work(SEVEN)
    work(SEVEN + 6 * A_DAY)
    assert len(told(session)) == 1
    work(SEVEN + 8 * A_DAY)
    assert told(session) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_message_leaves_with_its_one_click_stop(session: Session, work: Callable[..., None]) -> None:
    with transaction(session):
        reader = make_subscription(session).address
        happen(session, title="Priorities")
    with sink() as server:
        work(SEVEN, server.url)
    [(to, message)] = server.accepted
    assert to == message["To"] == reader
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message["List-Unsubscribe"].strip("<>")
    plain, html = [part.get_content() for part in message.iter_parts()]
    assert stop in plain
    assert "Priorities" in plain
    assert "{{" not in plain + html


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_many_readers_take_as_many_queries_a_batch_as_few(session: Session, query_count: Counting) -> None:
    with transaction(session):
        for topic in Topic:
            happen(session, topics=(topic,))
        few = [make_subscription(session, topics=(topic,)) for topic in list(Topic)[:2]]
    assert few
    with query_count() as small, transaction(session):
        service.tell(session, day=SEVEN.date(), until=SEVEN, after=None, now=SEVEN)
    with transaction(session):
        for topic in list(Topic) * 20:
            make_subscription(session, topics=(topic,))
    with query_count() as large, transaction(session):
        service.tell(session, day=SEVEN.date(), until=SEVEN, after=None, now=SEVEN)
    assert len(large) == len(small) <= 9


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ten_thousand_readers_are_told_in_seconds(session: Session) -> None:
    with transaction(session):
        rows = [
            {"address": f"r{n}@example.test", "asked_at": ASKED, "confirmed_at": ASKED, "told_until": ASKED}
            for n in range(10_000)
        ]
        session.execute(insert(Subscription), rows)
        for topic in Topic:
            happen(session, topics=(topic,))
    arguments: dict[str, Any] = {"day": SEVEN.date().isoformat(), "until": SEVEN.isoformat(), "after": None}
    began = time.perf_counter()
    with transaction(session):
        tasks.digest(session, SEVEN, arguments)
    while waiting := session.scalars(select(Job).where(Job.state == "queued")).all():
        with transaction(session):
            for job in waiting:
                tasks.digest(session, SEVEN, job.arguments)
                session.delete(job)
    assert session.scalar(select(func.count(OutboxMessage.id))) == 10_000
    assert session.scalar(select(func.count(Mailing.id))) == 1
    assert time.perf_counter() - began < 30
