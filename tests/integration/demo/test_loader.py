"""The demonstration as it is made: by the services, once, and going on where it was cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis.models import Coding
from engage.analysis.queries import evidence_folder
from engage.audit.models import AuditEvent
from engage.consultations.queries import get_consultation, instruments
from engage.consultations.rules import State
from engage.demo import earlier, people
from engage.demo.cli import work
from engage.demo.content import EARLIER, OPEN
from engage.demo.earlier import Tools
from engage.demo.loader import Wanted, load
from engage.demo.updates import WANTING
from engage.distribution.queries import links_of
from engage.distribution.rules import LinkKind
from engage.feedback.models import Delivery
from engage.feedback.rules import Route
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.groups.queries import cpegs
from engage.outbox.models import OutboxMessage
from engage.outbox.transports import FOLDER
from engage.people.rules import Role
from engage.people.service import sign_in
from engage.plan_export.models import Decision
from engage.plan_export.rules import TOP
from engage.responses.models import Channel, Contact, Response
from engage.timetable.notices import queries as notices
from engage.timetable.queries import entries, get_entry
from tests.factories.people import make_person

NOW = datetime(2026, 11, 18, 14, 20, tzinfo=UTC)
RESPONSES = 40
# A small past is as good as a large one, and sooner there.
FEW = 60
TOLD = FEW * earlier.CONTACTS_IN_A_HUNDRED // 100 + len(WANTING)


@pytest.fixture
def wanted(app: Flask) -> Wanted:
    settings = app.config["SETTINGS"]
    tools = Tools(evidence_folder(settings), settings.disclosure_threshold, lambda: work(app))
    return Wanted(NOW, RESPONSES, tools, earlier=FEW)


@pytest.fixture
def made(session: Session, wanted: Wanted) -> Iterator[Session]:
    load(session, wanted)
    with clock.stopped_at(NOW):
        yield session


def test_the_open_consultation_has_instruments_links_and_made_up_responses(made: Session) -> None:
    consultation = get_consultation(made, OPEN)
    assert (consultation.state, consultation.synthetic) == (State.OPEN, True)
    assert [each.code for each in instruments(made, consultation.id)] == ["postcard", "full", "business"]
    made_links = [link for link in links_of(made, consultation.id) if link.kind is LinkKind.GROUP]
    assert len(made_links) > len(cpegs(made)) == 32
    assert responses_of(made, OPEN) == RESPONSES
    opened = consultation.opened_at
    assert opened is not None
    assert opened + timedelta(weeks=5) < NOW < consultation.closes_at - timedelta(weeks=4)


def test_the_earlier_one_is_decided_and_everybody_has_been_told(made: Session, settings: object) -> None:
    consultation = get_consultation(made, EARLIER)
    assert consultation.state is State.FED_BACK
    assert responses_of(made, EARLIER) == FEW
    decisions = made.scalars(select(Decision).where(Decision.consultation_id == consultation.id)).all()
    assert len(decisions) >= TOP
    assert all(decision.mentions > 0 for decision in decisions)
    assert count(made, Coding) > 0
    assert routes_of(made) == {Route.EMAIL: TOLD, Route.CASCADE: 17, Route.POST: 3}
    assert results_sent(made) >= TOLD
    mails = list((Path(str(settings.instance)) / FOLDER).glob("*.eml"))  # type: ignore[attr-defined]
    # Messages that hold a secret are forgotten once they have left, so there may be more files than rows.
    assert len(mails) >= (made.scalar(select(func.count(OutboxMessage.done_at))) or 0) >= TOLD


def test_groups_were_told_of_every_entry_and_some_have_answered(made: Session) -> None:
    for entry in entries(made):
        standings = notices.standings(made, entry, NOW)
        assert standings, entry.slug
        assert all(standing.issued_at is not None for standing in standings)
    standings = notices.standings(made, get_entry(made, OPEN), NOW)
    assert len(standings) == 32
    assert 0 < sum(standing.acknowledged_at is not None for standing in standings) < 32
    assert notices.short_of_notice(made, get_entry(made, OPEN).id, get_entry(made, OPEN).opens_at) == ()


def test_its_past_lies_in_the_past(made: Session) -> None:
    consultation = get_consultation(made, EARLIER)
    entry = get_entry(made, EARLIER)
    assert entry.feedback_due_on is not None
    fed_back = consultation.fed_back_at
    assert fed_back is not None
    assert fed_back.date() <= entry.feedback_due_on < NOW.date()
    results = OutboxMessage.key.startswith("feedback:")
    assert made.scalar(select(func.max(OutboxMessage.done_at)).where(results)) <= NOW
    moments = made.scalars(select(AuditEvent.happened_at).order_by(AuditEvent.id)).all()
    assert list(moments) == sorted(moments)
    assert moments[-1] <= NOW


def test_made_twice_it_keeps_what_is_there(made: Session, wanted: Wanted) -> None:
    def everything() -> list[int]:
        # Not the messages: a worker that runs on a later day reminds groups of what runs by then.
        return [count(made, model) for model in (Response, Contact, AuditEvent, Decision, Delivery)]

    before, timetable = everything(), len(entries(made))
    load(made, replace(wanted, now=NOW + timedelta(days=9), responses=5 * RESPONSES))
    assert (everything(), len(entries(made))) == (before, timetable)


def test_cut_short_it_goes_on_where_it_stopped(session: Session, wanted: Wanted) -> None:
    def cut() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(session, replace(wanted, tools=replace(wanted.tools, work=cut)))
    session.rollback()
    assert get_consultation(session, EARLIER).state is State.DECIDED
    load(session, wanted)
    assert get_consultation(session, EARLIER).state is State.FED_BACK
    assert responses_of(session, EARLIER) == FEW
    assert routes_of(session)[Route.EMAIL] == TOLD
    assert responses_of(session, OPEN) == RESPONSES


def test_each_kind_of_person_signs_in_with_the_password_that_is_printed(made: Session) -> None:
    with transaction(db.session):
        for member in people.EVERYBODY:
            password = people.password_of(member)
            assert sign_in(made, email=member.email, password=password, now=NOW).role is member.role
    assert {member.role for member in people.EVERYBODY} == set(Role)


def test_it_stays_out_of_a_database_that_has_people_of_its_own(session: Session, wanted: Wanted) -> None:
    make_person(session, email="somebody@example.org")
    session.commit()
    with pytest.raises(Refused):
        load(session, wanted)
    assert entries(session) == []


def responses_of(session: Session, slug: str) -> int:
    consultation = get_consultation(session, slug)
    # Without those of the panel, which come on top.
    chosen = select(func.count()).where(
        Response.consultation_id == consultation.id, Response.channel != Channel.PANEL
    )
    return session.scalar(chosen) or 0


def results_sent(session: Session) -> int:
    """Return how many messages brought somebody the result of the earlier consultation."""
    chosen = select(func.count(OutboxMessage.id)).where(OutboxMessage.key.startswith("feedback:"))
    return session.scalar(chosen) or 0


def routes_of(session: Session) -> Counter[Route]:
    """Return by which routes the earlier consultation's result went, and to how many."""
    return Counter(session.scalars(select(Delivery.route)))


def count(session: Session, model: Callable[..., object]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
