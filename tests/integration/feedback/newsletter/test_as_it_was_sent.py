"""What an issue says of its time stays as it was sent; only where people can answer is said as it is now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.feedback.models import Newsletter
from engage.feedback.newsletter import service
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.plan_export.deciding import progress
from engage.plan_export.models import Decision
from engage.plan_export.rules import Standing
from engage.timetable import service as timetable
from engage.timetable.models import Entry
from engage.timetable.news import tell
from engage.timetable.queries import details_of
from engage.timetable.rules import NewsKind
from engage.timetable.steps import service as steps
from engage.timetable.steps.service import Postponed
from tests.factories.boroughs import make_area
from tests.factories.consultations import make_consultation
from tests.factories.feedback import make_published
from tests.factories.timetable import AFTER, BEFORE, CLOSES, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient

Counting = Callable[[], AbstractContextManager[list[str]]]
A_DAY = timedelta(days=1)
CAMDEN = "E09000007"


def announced(session: Session, title: str, at: datetime, **columns: Any) -> Entry:
    entry = make_entry(session, title=title, **columns)
    tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=at)
    return entry


def send(session: Session, now: datetime) -> Newsletter:
    issue = service.start(
        session, actor="o", now=now, title="The month", foreword="", since=now - 30 * A_DAY, until=now
    )
    service.publish(session, actor="o", now=now, newsletter_id=issue.id)
    return issue


def read(client: PageClient, issue: Newsletter, now: datetime) -> str:
    with clock.stopped_at(now):
        return client.get_page(f"/newsletter/{issue.id}").text


def rename(session: Session, entry: Entry, now: datetime, **changed: Any) -> None:
    details = replace(details_of(entry), **changed)
    timetable.update_entry(session, actor="o", now=now, entry_id=entry.id, details=details)


def in_order(text: str) -> None:
    """Check that London's part comes first, and that each entry is in its own, and coming."""
    places = [text.index(words) for words in ("Far away", "Camden Coming", "Cells of Camden")]
    assert places == sorted(places)
    assert text.count("Coming") == 2


def test_what_is_renamed_moved_or_rescheduled_later_stays_where_and_as_it_was(
    session: Session, client: PageClient
) -> None:
    with transaction(session):
        make_area(session)
        entry = announced(session, "Cells of Camden", BEFORE - A_DAY, area_code=CAMDEN)
        far = announced(session, "Far away", BEFORE - A_DAY, opens_at=OPENS + 40 * A_DAY, closes_at=CLOSES)
        issue = send(session, BEFORE)
    before = read(client, issue, BEFORE + A_DAY)
    in_order(before)
    with transaction(session):
        rename(session, entry, BEFORE + A_DAY, title="A first new name")
        rename(
            session, entry, BEFORE + 2 * A_DAY, title="Police custody", organisation="Another", area_code=None
        )
        moved = {"opens_at": far.opens_at + 80 * A_DAY, "closes_at": far.closes_at + 80 * A_DAY}
        unknown = {"decision_due_on": None, "feedback_due_on": None}
        rename(session, far, BEFORE + A_DAY, **moved, **unknown)
    after = read(client, issue, BEFORE + 3 * A_DAY)
    for new in ("A first new name", "Police custody", "Another"):
        assert new not in after
    in_order(after)
    assert "It opens on 2 November 2027." in after, "that is said as it is today"
    assert "Changed" not in after


def test_what_is_renamed_before_it_is_sent_is_sent_with_its_new_name(
    session: Session, client: PageClient
) -> None:
    with transaction(session):
        entry = announced(session, "A typnig error", BEFORE - A_DAY)
        issue = service.start(
            session,
            actor="o",
            now=BEFORE,
            title="May",
            foreword="",
            since=BEFORE - 30 * A_DAY,
            until=BEFORE,
        )
        rename(session, entry, BEFORE + timedelta(hours=1), title="Put right")
        service.publish(session, actor="o", now=BEFORE + timedelta(hours=2), newsletter_id=issue.id)
    text = read(client, issue, BEFORE + A_DAY)
    assert "Put right" in text
    assert "typnig" not in text
    assert "Changed" not in text, "that is news of the next issue"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_cancelled_or_postponed_later_was_coming_then_and_says_so_now(
    session: Session, client: PageClient
) -> None:
    with transaction(session):
        gone = announced(session, "Called off", BEFORE - A_DAY)
        late = announced(session, "Put off", BEFORE - A_DAY)
        issue = send(session, BEFORE)
    before = read(client, issue, BEFORE)
    later = BEFORE + A_DAY
    with transaction(session):
        steps.cancel(session, actor="o", now=later, entry_id=gone.id, reason="No money for it")
        dates = Postponed(
            opens_at=OPENS + 200 * A_DAY,
            closes_at=CLOSES + 200 * A_DAY,
            decision_due_on=None,
            feedback_due_on=None,
        )
        steps.postpone(session, actor="o", now=later, entry_id=late.id, dates=dates, reason="Election")
    after = read(client, issue, later)
    assert before.count("It opens on 5 July 2027.") == 2
    assert after.index("Coming") < after.index("Called off") < after.index("Put off")
    assert "It will not take place." in after
    assert "It opens on 21 January 2028." in after
    for untold in ("No money for it", "Election", "Cancelled", "Postponed", "Also in the timetable"):
        assert untold not in after


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_extended_and_closed_later_was_open_then_and_says_so_now(
    session: Session, client: PageClient
) -> None:
    with transaction(session):
        made = make_consultation(session, State.OPEN, title="Knife crime", opened_at=OPENS)
        issue = send(session, DURING)
    before = read(client, issue, DURING)
    assert "Open for answers" in before
    with transaction(session):
        timetable.put_off(
            session,
            actor="o",
            now=DURING + A_DAY,
            entry_id=made.entry_id,
            closes_at=CLOSES + 7 * A_DAY,
            decision_due_on=None,
            feedback_due_on=None,
            feedback_late_reason="",
            reason="Many asked for it",
        )
    extended = read(client, issue, DURING + 2 * A_DAY)
    assert "The last day is 7 October 2027." in extended
    assert "Many asked" not in extended
    with transaction(session):
        closed_at = CLOSES + 7 * A_DAY
        timetable.record_closed(session, entry_id=made.entry_id, at=closed_at)
    closed = read(client, issue, closed_at + A_DAY)
    assert "Open for answers" in closed
    assert "It is closed." in closed
    assert "Closed, " not in closed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_progress_and_feedback_of_later_are_not_of_its_time(session: Session, client: PageClient) -> None:
    with transaction(session):
        made, _ = make_published(session)
        early = send(session, AFTER - timedelta(hours=1))
        _progress(session, made, "The first ten schools have begun.", AFTER + A_DAY)
        issue = send(session, AFTER + 2 * A_DAY)
        _progress(session, made, "All the schools have begun.", AFTER + 3 * A_DAY)
    now = AFTER + 4 * A_DAY
    text = read(client, issue, now)
    assert "The first ten schools" in text
    assert "All the schools" not in text
    assert "schools" not in read(client, early, now)
    assert "Adopted" not in read(client, early, now)


def _progress(session: Session, made: Consultation, said: str, at: datetime) -> None:
    chosen = select(Decision.id).where(
        Decision.consultation_id == made.id, Decision.priority_code == "knife_crime"
    )
    progress.record(
        session,
        actor="o",
        now=at,
        decision_id=session.scalars(chosen).one(),
        standing=Standing.UNDER_WAY,
        said=said,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_of_many_entries_and_changes_takes_as_many_queries_as_one_of_few(
    session: Session, client: PageClient, query_count: Counting
) -> None:
    counts = []
    for many in (1, 30):
        with transaction(session):
            several = [announced(session, f"Entry {n}", BEFORE - A_DAY) for n in range(many)]
            issue = send(session, BEFORE)
            for entry in several:
                rename(session, entry, BEFORE + A_DAY, title="Renamed")
        with query_count() as statements:
            assert "Renamed" not in read(client, issue, BEFORE + 2 * A_DAY)
        counts.append(len(statements))
    assert counts[0] == counts[1]
