from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engage.audit import queries, service
from engage.audit.models import AuditEvent
from engage.foundations.database import db, transaction
from tests.factories.audit import make_event
from tests.fixtures.client import PageClient

NOW = datetime(2026, 7, 1, 11, 30, tzinfo=UTC)


def log_events(app: Flask, number: int) -> None:
    with app.app_context(), transaction(db.session):
        for place in range(number):
            make_event(db.session, details={"place": place})


def test_an_event_is_kept_as_it_was_told(session: Session) -> None:
    service.record(
        session, actor="Ada", action="entry.added", subject="entry:a", at=NOW, details={"links": 3}
    )
    service.record(session, actor="Bea", action="entry.changed", subject="entry:b", at=NOW)
    session.commit()
    newest, oldest = queries.events(session, page=1, per_page=50).events
    assert (oldest.actor, oldest.action, oldest.subject, oldest.happened_at, oldest.details) == (
        "Ada",
        "entry.added",
        "entry:a",
        NOW,
        {"links": 3},
    )
    assert newest.details == {}


@pytest.mark.parametrize("change", [update(AuditEvent).values(actor="Nobody"), delete(AuditEvent)])
def test_the_database_refuses_to_change_or_forget_an_event(session: Session, change: object) -> None:
    make_event(session)
    session.commit()
    with pytest.raises(DBAPIError):
        session.execute(change)  # type: ignore[call-overload]
    session.rollback()


def test_pages_are_newest_first_and_end_where_the_log_does(session: Session) -> None:
    for place in range(5):
        make_event(session, details={"place": place})
    first = queries.events(session, page=1, per_page=2)
    assert [event.details["place"] for event in first.events] == [4, 3]
    assert (first.number, first.pages, first.total) == (1, 3, 5)
    for beyond in (3, 99):
        last = queries.events(session, page=beyond, per_page=2)
        assert [event.details["place"] for event in last.events] == [0]
        assert last.number == 3
    assert queries.events(session, page=-7, per_page=2) == first


def test_one_subject_is_shown_without_the_others(session: Session) -> None:
    ours = make_event(session, subject="entry:autumn")
    make_event(session, subject="entry:autumn-2")
    make_event(session, subject="consultation:autumn")
    page = queries.events(session, page=1, per_page=50, subject="entry:autumn")
    assert page.events == [ours]
    assert (page.pages, page.total) == (1, 1)
    assert queries.events(session, page=1, per_page=50, subject="entry:none").pages == 1


def test_an_officer_reads_when_who_and_what_in_words(app: Flask, officer_client: PageClient) -> None:
    with app.app_context(), transaction(db.session):
        make_event(db.session, details={"opens_on": "<b>1 May</b>"})
        make_event(db.session, action="comet.sighted", subject="comet:halley")
    text = officer_client.get_page("/officer/audit/").text
    assert "1 July 2026 at 12:30pm" in text
    assert "Added an entry to the timetable" in text
    assert "Ada <ada@example.test>" in text
    assert "opens on: <b>1 May</b>" in text
    assert "comet.sighted" in text


def test_an_officer_follows_one_subject(app: Flask, officer_client: PageClient) -> None:
    with app.app_context(), transaction(db.session):
        make_event(db.session)
        make_event(db.session, action="comet.sighted", subject="comet:halley")
    text = officer_client.get_page("/officer/audit/?subject=comet:halley").text
    assert "comet.sighted" in text
    assert "Added an entry" not in text


def test_an_empty_log_says_so(officer_client: PageClient) -> None:
    assert "Nothing has been written down yet" in officer_client.get_page("/officer/audit/").text


def test_a_page_number_that_is_none_is_the_first_page(app: Flask, officer_client: PageClient) -> None:
    log_events(app, 60)
    for number in ("two", "-1", "0", "1"):
        assert "Page 1 of 2" in officer_client.get_page(f"/officer/audit/?page={number}").text
    assert "Page 2 of 2" in officer_client.get_page("/officer/audit/?page=" + "9" * 40).text


def test_a_long_log_takes_no_more_queries_than_a_short_one(
    app: Flask,
    officer_client: PageClient,
    query_count: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    taken = []
    for more in (1, 999):
        log_events(app, more)
        with query_count() as statements:
            officer_client.get_page("/officer/audit/")
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_only_officers_read_the_log(client: PageClient, coordinator_client: PageClient) -> None:
    assert client.get("/officer/audit/").status_code == 303
    assert coordinator_client.get("/officer/audit/").status_code == 403
