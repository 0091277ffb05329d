"""A year of one consultation with a moving clock: what groups are told, when, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import extending, service
from engage.consultations.extending import NewDates
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.consultations.service import NotReady
from engage.distribution.service import make_links
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.tasks import Registry
from engage.groups.models import Group, GroupContact, GroupMeeting
from engage.outbox.models import Mailing, OutboxMessage
from engage.timetable import service as timetable
from engage.timetable.marks import set_groups
from engage.timetable.models import Entry, EntryNews
from engage.timetable.notices import queries as notices
from engage.timetable.notices.rules import Fits
from engage.timetable.notices.service import acknowledge, give_notice
from engage.timetable.queries import get_entry
from engage.timetable.repeating.service import draft_next
from engage.timetable.rules import Repeats
from tests.factories.consultations import OFFICER, add_instrument, make_framework
from tests.factories.groups import make_group
from tests.factories.timetable import entry_details

PLANNED = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
OPENS = datetime(2027, 7, 5, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 9, 30, 23, 0, tzinfo=UTC)
LATER = datetime(2027, 10, 14, 23, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RUN: dict[str, Any] = {"opens_at": OPENS, "closes_at": CLOSES, "notice_given_on": None}
TITLE = "Policing priorities"


@contextmanager
def at(now: datetime) -> Iterator[Session]:
    """A moment of the year, in a transaction of its own."""
    with clock.stopped_at(now), transaction(db.session()) as session:
        yield session


class Year:
    """The worker through the year: it does each day what is due, more than once."""

    def __init__(self, app: Flask) -> None:
        self._registry: Registry = app.extensions["engage_tasks"]

    def goes_by(self, first: datetime, last: datetime) -> None:
        now = first
        while now < last:
            for _ in range(2):
                self.does_what_is_due(now)
            now += DAY

    def does_what_is_due(self, now: datetime) -> None:
        for name in ("consultations.close_those_due", "distribution.remind_groups"):
            with at(now) as session:
                self._registry.periodic[name](session, now)


@pytest.fixture
def groups(session: Session) -> dict[str, Group]:
    """Two CPEGs with an address each; only the first has a meeting in time."""
    found = {name: make_group(session, name=f"{name} CPEG") for name in ("Camden", "Barnet")}
    for name, group in found.items():
        email = f"{name.lower()}@example.test"
        session.add(GroupContact(group_id=group.id, name=name, email=email))
    session.add(GroupMeeting(group_id=found["Camden"].id, starts_at=PLANNED + 40 * DAY))
    session.commit()
    return found


def mails(session: Session) -> Counter[str]:
    """Return how many messages go out under each subject."""
    subjects = select(Mailing.subject).join(OutboxMessage, OutboxMessage.mailing_id == Mailing.id)
    return Counter(session.scalars(subjects))


def test_a_year_goes_by_from_the_entry_to_the_closing(
    app: Flask, session: Session, groups: dict[str, Group]
) -> None:
    year = Year(app)
    ids = {name: group.id for name, group in groups.items()}
    with at(PLANNED) as now_on:
        details = entry_details(**RUN, repeats=Repeats.YEARLY)
        entry_id = timetable.add_entry(now_on, actor=OFFICER, now=PLANNED, details=details).id
        set_groups(now_on, entry_id, ids.values())
        framework = make_framework(now_on)
        planned = service.create(
            now_on, actor=OFFICER, now=PLANNED, entry_id=entry_id, framework_id=framework.id
        )
        consultation_id = planned.id
        add_instrument(now_on, planned)
        make_links(now_on, consultation_id=consultation_id, now=PLANNED)
    assert mails(session) == {}

    told = PLANNED + 7 * DAY
    with at(told) as now_on:
        service.announce(now_on, actor=OFFICER, now=told, consultation_id=consultation_id)
    assert mails(session) == {"Coming up: Policing priorities": 2}
    entry = session.get_one(Entry, entry_id)
    standing = {each.group.name: each for each in notices.standings(session, entry, told)}
    assert standing["Camden CPEG"].fits is Fits.BEFORE
    assert standing["Barnet CPEG"].fits is Fits.UNKNOWN
    assert standing["Camden CPEG"].clock.days_left == 119

    receipt = standing["Camden CPEG"].receipt_id
    assert receipt is not None
    with at(told + 2 * DAY) as now_on:
        acknowledge(now_on, actor="Camden", now=told + 2 * DAY, receipt_id=receipt, group_ids=[ids["Camden"]])

    year.goes_by(told, OPENS)
    assert sum(mails(session).values()) == 2
    with at(OPENS) as now_on:
        service.open_consultation(now_on, actor=OFFICER, now=OPENS, consultation_id=consultation_id)
    year.goes_by(OPENS + timedelta(hours=1), OPENS + 85 * DAY)
    sent = mails(session)
    assert [sent[f"{said}: {TITLE}"] for said in ("Open now", "Halfway", "A week left")] == [2, 2, 2]

    extended = OPENS + 85 * DAY
    with at(extended) as now_on:
        dates = NewDates(
            closes_at=LATER, decision_due_on=date(2027, 11, 18), feedback_due_on=date(2027, 12, 16)
        )
        extending.extend(
            now_on,
            actor=OFFICER,
            now=extended,
            consultation_id=consultation_id,
            dates=dates,
            reason="Post strike.",
        )
    assert mails(session)["Longer to answer: Policing priorities"] == 2
    year.goes_by(extended + timedelta(hours=1), LATER + DAY)
    assert mails(session)["A week left: Policing priorities"] == 4
    assert mails(session)["Halfway: Policing priorities"] == 2

    year.does_what_is_due(LATER + timedelta(hours=10))
    closed = session.get_one(Consultation, consultation_id, populate_existing=True)
    assert closed.state is State.CLOSED
    news = select(EntryNews.kind).where(EntryNews.entry_id == entry_id).order_by(EntryNews.id)
    assert [kind.value for kind in session.scalars(news)] == ["announced", "opened", "extended", "closed"]

    with at(LATER + 5 * DAY) as now_on:
        following = draft_next(now_on, actor=OFFICER, now=LATER + 5 * DAY, entry_id=entry_id).slug
    drafted = get_entry(session, following)
    assert drafted.published_at is None
    assert drafted.opens_at.date() == date(2028, 7, 5)


def test_a_group_told_too_late_keeps_it_from_opening(
    app: Flask, session: Session, groups: dict[str, Group]
) -> None:
    with at(PLANNED) as now_on:
        details = entry_details(**RUN)
        entry_id = timetable.add_entry(now_on, actor=OFFICER, now=PLANNED, details=details).id
        set_groups(now_on, entry_id, [groups["Camden"].id])
        made = service.create(
            now_on, actor=OFFICER, now=PLANNED, entry_id=entry_id, framework_id=make_framework(now_on).id
        )
        consultation_id = made.id
        add_instrument(now_on, made)
        service.announce(now_on, actor=OFFICER, now=PLANNED, consultation_id=consultation_id)
    late = OPENS - 30 * DAY
    with at(late) as now_on:
        set_groups(now_on, entry_id, [group.id for group in groups.values()])
        notices_given = give_notice(now_on, actor=OFFICER, now=late, entry_id=entry_id)
    assert notices_given == 1
    with pytest.raises(NotReady, match="Barnet CPEG"), at(OPENS) as now_on:
        service.open_consultation(now_on, actor=OFFICER, now=OPENS, consultation_id=consultation_id)
