"""Once figures are public no other count of the same answers is: two would tell what lies between them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.analysis import service as counting
from engage.analysis.queries import evidence_folder
from engage.consultations.rules import State
from engage.foundations.clock import in_london
from engage.foundations.refusals import Refused
from engage.foundations.settings import Settings
from engage.people.models import Person
from engage.people.rules import Role
from engage.plan_export.models import Decision
from engage.plan_export.service import record_decision
from tests.factories.analysis import make_response
from tests.factories.deciding import decided, make_report
from tests.factories.plans import snapshot_of
from tests.factories.responses import AFTER, Exercise
from tests.fixtures.client import PageClient
from tests.fixtures.people import add_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LATER = AFTER + timedelta(days=5)
HERE = "/consultations/priorities"
PAGES = ("/decisions", "/priorities", "/priorities/burglary", "/priorities/fraud", "/priorities/drugs")


@pytest.fixture
def told(session: Session, settings: Settings, analysed: Exercise) -> Exercise:
    """A consultation whose decision on burglary, from its first count, is public."""
    make_report(session, settings, analysed.consultation, AFTER)
    decide(session, settings, analysed, "burglary")
    analysed.consultation.state, analysed.consultation.decided_at = State.DECIDED, AFTER
    session.commit()
    return analysed


def analyst(session: Session) -> Person:
    return session.query(Person).first() or add_person(session, Role.ANALYST)


def decide(session: Session, settings: Settings, exercise: Exercise, code: str) -> Decision:
    return record_decision(
        session,
        actor="Test",
        person_id=analyst(session).id,
        now=LATER,
        consultation=exercise.consultation,
        decided=decided(code, in_london(LATER).date()),
        folder=evidence_folder(settings),
    )


def count_one_more(session: Session, settings: Settings, exercise: Exercise) -> None:
    """Count a paper form that came late, and make a report of it."""
    make_response(session, exercise, chosen=("burglary", "fraud", "drugs"))
    counting.refresh(session, consultation=exercise.consultation, now=LATER, folder=evidence_folder(settings))
    make_report(session, settings, exercise.consultation, LATER)


def test_a_later_count_changes_no_public_page(
    session: Session, settings: Settings, client: PageClient, told: Exercise
) -> None:
    before = {page: client.get_page(HERE + page).main for page in PAGES}
    count_one_more(session, settings, told)
    session.commit()
    assert {page: client.get_page(HERE + page).main for page in PAGES} == before
    client.get_page(f"{HERE}/counts/{snapshot_of(session, told).digest}", status=404)


def test_a_public_decision_that_is_recorded_again_keeps_its_figures(
    session: Session, settings: Settings, told: Exercise
) -> None:
    first = session.query(Decision).one()
    known = first.report_id, first.snapshot_id, first.mentions, first.base
    count_one_more(session, settings, told)
    again, beside = (decide(session, settings, told, code) for code in ("burglary", "fraud"))
    assert (again.report_id, again.snapshot_id, again.mentions, again.base) == known
    assert (beside.report_id, beside.snapshot_id, beside.base) == (known[0], known[1], known[3])


def test_before_it_is_public_a_decision_is_taken_from_the_latest_count(
    session: Session, settings: Settings, analysed: Exercise
) -> None:
    make_report(session, settings, analysed.consultation, AFTER)
    first = decide(session, settings, analysed, "burglary").snapshot_id
    make_response(session, analysed, chosen=("burglary",))
    with pytest.raises(Refused, match="newer responses"):
        decide(session, settings, analysed, "burglary")
    count_one_more(session, settings, analysed)
    assert decide(session, settings, analysed, "burglary").snapshot_id > first
