"""The life of a consultation, move by move."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations import queries, service
from engage.consultations.rules import GRACE, LIFE, State
from engage.consultations.tasks import close_those_due
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.timetable import queries as timetable
from tests.factories.consultations import (
    MOVES,
    OFFICER,
    add_instrument,
    make_consultation,
    make_framework,
    make_version,
)
from tests.factories.timetable import AFTER, BEFORE, CLOSES, DURING, OPENS, make_entry


def test_a_consultation_takes_its_name_title_and_closing_from_its_entry(session: Session) -> None:
    made = make_consultation(session, slug="priorities", title="What matters to you")
    assert (made.slug, made.title, made.closes_at) == ("priorities", "What matters to you", CLOSES)
    assert made.state is State.PLANNED


def test_an_entry_has_one_consultation(session: Session) -> None:
    made = make_consultation(session)
    with pytest.raises(Refused, match="already"):
        service.create(
            session, actor=OFFICER, now=BEFORE, entry_id=made.entry_id, framework_id=made.framework_id
        )


def test_an_entry_run_elsewhere_has_no_consultation(session: Session) -> None:
    entry, framework = make_entry(session, run_here=False), make_framework(session)
    with pytest.raises(Refused, match="elsewhere"):
        service.create(session, actor=OFFICER, now=BEFORE, entry_id=entry.id, framework_id=framework.id)


def test_a_whole_life_is_kept_moment_by_moment_and_told_to_the_timetable(session: Session) -> None:
    made = make_consultation(session, State.FED_BACK, slug="priorities")
    entry = timetable.get_entry(session, "priorities")
    counted = DURING + GRACE
    assert (made.opened_at, made.closed_at, made.fed_back_at) == (DURING, DURING, counted)
    assert (entry.opened_at, entry.closed_at, entry.fed_back_at) == (DURING, DURING, counted)
    statement = select(AuditEvent.action).where(AuditEvent.subject == "consultation:priorities")
    assert session.scalars(statement.order_by(AuditEvent.id)).all() == [
        "consultation.created",
        "consultation.instrument_added",
        *(f"consultation.{state.value}" for state in LIFE[1:]),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.PLANNED, State.OPEN),
        (State.OPEN, State.ANNOUNCED),
        (State.CLOSED, State.OPEN),
        (State.CLOSED, State.DECIDED),
        (State.FED_BACK, State.FED_BACK),
    ],
)
def test_a_wrong_move_is_refused_and_changes_nothing(session: Session, before: State, after: State) -> None:
    made = make_consultation(session, before)
    with pytest.raises(Refused):
        MOVES[after](session, actor=OFFICER, now=DURING, consultation_id=made.id)
    session.refresh(made)
    assert made.state is before


def test_announcing_is_giving_notice_where_none_was_given_before(session: Session) -> None:
    told_now = make_consultation(session, notice_given_on=None, slug="now")
    told_before = make_consultation(session, slug="before")
    for made in (told_now, told_before):
        service.announce(session, actor=OFFICER, now=BEFORE, consultation_id=made.id)
    assert timetable.get_entry(session, "now").notice_given_on == BEFORE.date()
    assert timetable.get_entry(session, "before").notice_given_on != BEFORE.date()


def test_opening_says_everything_that_is_missing(session: Session) -> None:
    made = make_consultation(session, State.ANNOUNCED, instruments=0, purpose="", decision_due_on=None)
    with pytest.raises(service.NotReady) as refusal:
        service.open_consultation(session, actor=OFFICER, now=DURING, consultation_id=made.id)
    assert [missing.code for missing in refusal.value.missing] == ["purpose", "decision_date", "instrument"]
    assert "Add at least one questionnaire." in str(refusal.value)
    assert made.state is State.ANNOUNCED


def test_it_opens_before_its_day_only_by_an_officers_hand(session: Session) -> None:
    made = make_consultation(session, State.ANNOUNCED, slug="priorities")
    early = OPENS - timedelta(hours=2)
    with pytest.raises(Refused, match="planned to open on 5 July 2027 at 9am"):
        service.open_consultation(session, actor=OFFICER, now=early, consultation_id=made.id)
    service.open_consultation(session, actor=OFFICER, now=early, consultation_id=made.id, early=True)
    assert made.opened_at == timetable.get_entry(session, "priorities").opened_at == early


def test_opening_early_does_not_shorten_the_notice(session: Session) -> None:
    made = make_consultation(session, State.ANNOUNCED)
    with pytest.raises(service.NotReady, match="three months"):
        service.open_consultation(session, actor=OFFICER, now=BEFORE, consultation_id=made.id, early=True)


def test_what_changed_in_the_entry_meanwhile_is_taken_over_at_the_opening(session: Session) -> None:
    made = make_consultation(session, State.ANNOUNCED, slug="priorities")
    entry = timetable.get_entry(session, "priorities")
    entry.title, entry.closes_at = "What matters to you", CLOSES - timedelta(days=1)
    session.flush()
    service.open_consultation(session, actor=OFFICER, now=DURING, consultation_id=made.id)
    assert (made.title, made.closes_at) == ("What matters to you", CLOSES - timedelta(days=1))


def test_officers_who_press_at_once_close_it_once(app: Flask, session: Session) -> None:
    made = make_consultation(session, State.OPEN)
    session.commit()
    at_once = Barrier(4)

    def press(_: int) -> bool:
        with app.app_context():
            at_once.wait()
            try:
                with transaction(db.session()) as own:
                    service.close(own, actor=OFFICER, now=DURING, consultation_id=made.id)
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(4) as officers:
        assert sorted(officers.map(press, range(4))) == [False, False, False, True]
    closings = select(AuditEvent).where(AuditEvent.action == "consultation.closed")
    assert len(session.scalars(closings).all()) == 1


def test_the_worker_closes_what_is_due_and_nothing_else(session: Session) -> None:
    due = make_consultation(session, State.OPEN)
    later = make_consultation(session, State.OPEN, closes_at=AFTER + timedelta(days=1))
    planned = make_consultation(session)
    close_those_due(session, CLOSES - timedelta(seconds=1))
    assert due.state is State.OPEN
    close_those_due(session, AFTER)
    assert (due.state, due.closed_at) == (State.CLOSED, CLOSES)
    assert (later.state, planned.state) == (State.OPEN, State.PLANNED)


def test_instruments_are_offered_in_the_order_in_which_they_were_added(session: Session) -> None:
    made = make_consultation(session, instruments=0)
    for code in ("postcard", "full"):
        add_instrument(session, made, code=code)
    rows = queries.asked(session, made.id)
    assert [(row.code, row.position, row.version) for row in rows] == [("postcard", 1, 1), ("full", 2, 1)]


def test_an_instrument_needs_a_short_name_of_its_own_and_a_published_version(session: Session) -> None:
    made = make_consultation(session, instruments=0)
    add_instrument(session, made, code="full")
    with pytest.raises(Refused) as refusal:
        add_instrument(session, made, code="full")
    assert refusal.value.field == "code"
    with pytest.raises(Refused, match="a page of its own"):
        add_instrument(session, made, code="received")
    with pytest.raises(Refused) as refusal:
        add_instrument(session, made, code="draft", version_id=make_version(session, published_at=None).id)
    assert refusal.value.field == "version_id"


def test_no_questionnaire_is_added_once_nobody_can_answer(session: Session) -> None:
    made = make_consultation(session, State.CLOSED)
    with pytest.raises(Refused, match="nobody can answer"):
        add_instrument(session, made, code="late")


def test_made_up_responses_mark_one_consultation_for_good(session: Session) -> None:
    made, other = make_consultation(session, slug="made-up"), make_consultation(session, slug="real")
    service.mark_synthetic(session, consultation_id=made.id)
    lines = {line.slug: line.synthetic for line in queries.list_consultations(session)}
    assert lines == {"made-up": True, "real": False}
    assert not other.synthetic
