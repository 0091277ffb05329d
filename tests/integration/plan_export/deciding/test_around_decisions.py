from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.refusals import Refused
from engage.foundations.settings import Settings
from engage.people.rules import Role
from engage.plan_export.deciding import gates, progress, similar
from engage.plan_export.models import Decision, DecisionProgress, GateException
from engage.plan_export.rules import Gate, Outcome, Standing
from tests.factories.deciding import NOTE, make_report
from tests.factories.feedback import make_decided
from tests.factories.responses import AFTER, Exercise
from tests.fixtures.client import PageClient
from tests.fixtures.people import signed_in

ROOT = "/officer/consultations/priorities"
LATER = AFTER + timedelta(days=5)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAID = {
    "outcome": "in_part",
    "reason": "The lights belong to the boroughs, whom we have written to.",
    "owner": "The borough commanders",
    "equality_note": NOTE,
    "decision_maker": "The full Authority",
    "decided_on": ["3", "12", "2027"],
}
WHY = "The council tax had to be set before Easter."


@pytest.fixture
def read(session: Session, settings: Settings, analysed: Exercise) -> Exercise:
    """A consultation whose report has been read."""
    make_report(session, settings, analysed.consultation, AFTER)
    session.commit()
    return analysed


def post(client: PageClient, path: str, said: dict[str, object], status: int = 200) -> str:
    with clock.stopped_at(LATER):
        return client.post_page(f"{ROOT}/{path}", said, status=status).text


def held_up(session: Session, consultation: Consultation) -> list[Gate]:
    return [each.gate for each in gates.standing(session, consultation.id) if each.holds_up]


@ON_SQLITE
def test_a_theme_is_decided_like_a_priority_with_its_own_count(
    officer_client: PageClient, session: Session, read: Exercise
) -> None:
    theme = SAID | {"label": "Lights in parks", "mentions": "7"}
    assert "between 1 and the 25" in post(officer_client, "themes/new", theme | {"mentions": "26"}, 422)
    assert "Lights in parks" in post(officer_client, "themes/new", theme)
    assert "of this name already" in post(
        officer_client, "themes/new", theme | {"label": "lights  IN parks"}, 422
    )
    decision = session.query(Decision).one()
    assert (decision.label, decision.mentions, decision.base) == ("Lights in parks", 7, 25)
    changed = theme | {"mentions": "8", "label": "Light in the parks"}
    post(officer_client, f"decisions/{decision.priority_code}", changed)
    session.expire_all()
    assert (session.query(Decision).one().label, session.query(Decision).one().mentions) == (
        changed["label"],
        8,
    )
    assert b"Light in the parks" in officer_client.get(f"{ROOT}/decisions/export.csv").data


def test_finishing_waits_for_the_gates_or_for_signed_exceptions(
    officer_client: PageClient, client: PageClient, session: Session, read: Exercise
) -> None:
    assert held_up(session, read.consultation) == [Gate.TIME, Gate.CONSIDERATION]
    for code in ("burglary", "fraud"):
        post(officer_client, f"decisions/{code}", SAID)
    assert held_up(session, read.consultation) == [Gate.TIME]
    assert "less than 12 weeks" in post(officer_client, "decisions/finish", {}, 422)
    page = f"{ROOT}/gates"
    assert "less than 12 weeks" in officer_client.get_page(page).text
    empty = {"reason": "That was not possible at this time, sadly.", "signed_by": "Ada, Chair"}
    assert "gives no reason" in post(officer_client, "gates/time", empty, 422)
    assert "Exception signed" in post(
        officer_client, "gates/time", {"reason": WHY, "signed_by": "Ada, Chair"}
    )
    assert client.get("/consultations/priorities/decisions").status_code == 404
    assert "Feedback comes next" in post(officer_client, "decisions/finish", {})
    public = client.get_page("/consultations/priorities/decisions").text
    assert WHY in public
    assert "Ada, Chair" in public
    assert SAID["reason"] in public


def test_a_passed_gate_is_not_signed_for_nor_is_consideration(session: Session, read: Exercise) -> None:
    for gate, said in ((Gate.REASONS, "Nothing is missing"), (Gate.CONSIDERATION, "No exception")):
        with pytest.raises(Refused, match=said):
            gates.sign(
                session,
                actor="Test",
                now=LATER,
                consultation=read.consultation,
                gate=gate,
                signed_by="Ada, Chair",
                reason=WHY,
            )
    assert session.query(GateException).count() == 0


def test_a_decision_from_an_earlier_report_is_looked_at_again(
    officer_client: PageClient, session: Session, read: Exercise, settings: Settings
) -> None:
    for code in ("burglary", "fraud"):
        post(officer_client, f"decisions/{code}", SAID)
    [old] = session.query(Decision).filter_by(priority_code="fraud")
    old.report_id = None
    session.commit()
    standing = next(
        each for each in gates.standing(session, read.consultation.id) if each.gate is Gate.CONSIDERATION
    )
    assert ["before the latest report" in str(sentence) for sentence in standing.missing] == [True]


def test_earlier_reasons_on_the_same_matter_are_found(session: Session, read: Exercise) -> None:
    earlier = make_decided(session, State.FED_BACK, slug="last-year")
    session.query(Decision).filter_by(consultation_id=earlier.id).update({"label": ""})
    session.flush()
    found = similar.cases(session, read.consultation, code="asb", label="Anti-social behaviour in estates")
    assert [(case.label, case.outcome, case.slug) for case in found] == [
        ("Anti-social behaviour", Outcome.IN_PART, "last-year")
    ]
    # What was adopted has no reason why not, and other matters are no precedent.
    assert similar.cases(session, read.consultation, code="knife_crime", label="Knife crime") == ()
    assert similar.cases(session, earlier, code="parking", label="Parking") == ()


def test_progress_is_told_after_the_decision_added_to_and_public(
    officer_client: PageClient, client: PageClient, session: Session, read: Exercise
) -> None:
    post(officer_client, "decisions/burglary", SAID)
    told = {"standing": "under_way", "said": "Forty officers have been moved to the worst wards."}
    here = "decisions/burglary/progress"
    assert "once the consultation is decided" in post(officer_client, here, told, 422)
    consultation = session.get_one(Consultation, read.consultation.id)
    consultation.state, consultation.decided_at = State.DECIDED, LATER
    session.commit()
    for _ in range(2):
        post(officer_client, here, told)
    dropped = {"standing": "dropped", "said": "It was dropped due to limited resources."}
    assert "gives no reason" in post(officer_client, here, dropped, 422)
    post(
        officer_client, here, {"standing": "done", "said": "Burglaries there fell by a third within a year."}
    )
    decision = session.query(Decision).one()
    rows = progress.of(session, [decision.id])[decision.id]
    assert [row.standing for row in rows] == [Standing.DONE, Standing.UNDER_WAY]
    assert "fell by a third" in client.get_page("/consultations/priorities/decisions").text
    assert b"fell by a third" in officer_client.get(f"{ROOT}/decisions/export.csv").data
    with pytest.raises(DBAPIError):
        session.execute(update(DecisionProgress).values(said="Nothing happened at all, ever."))
    session.rollback()


@ON_SQLITE
def test_members_read_the_report_and_the_gates_and_change_neither(app: Flask, read: Exercise) -> None:
    member = signed_in(app, Role.MEMBER)
    for path in ("report", "gates", "decisions"):
        page = member.get_page(f"{ROOT}/{path}")
        assert page.all("form") == [] or "Sign out" in page.text
    assert member.post(f"{ROOT}/report").status_code == 403
    assert member.get(f"{ROOT}/gates/time").status_code == 403
    assert member.get(f"{ROOT}/themes/new").status_code == 403


@ON_SQLITE
def test_what_is_not_there_is_not_found(officer_client: PageClient, read: Exercise) -> None:
    for path in ("gates/unheard_of", "decisions/unheard_of/progress", "report/99.json"):
        assert officer_client.get(f"{ROOT}/{path}").status_code == 404
    assert officer_client.get("/officer/consultations/nowhere/report").status_code == 404
