"""A consultation that has been decided, and plans made of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis import service as analysis
from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import latest_snapshot, tally
from engage.consultations.rules import State
from engage.people.models import Person
from engage.plan_export.models import Decision, PlanVersion, PolicingPlan
from engage.plan_export.plans import publishing, service
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.plans.service import Actor, PlanText
from engage.plan_export.rules import Outcome, Subject
from tests.factories.analysis import make_response
from tests.factories.people import make_person
from tests.factories.responses import AFTER, Exercise, make_exercise

LATER = AFTER + timedelta(days=5)
# Two people whom `make_decided` adds; their numbers are far from those that the database gives.
MAKER = Actor("Maker <maker@example.test>", LATER, person_id=9001)
APPROVER = Actor("Approver <approver@example.test>", LATER, person_id=9002)
REASON = "Most people who answered named it, and the police can do more about it."
# How many name each; few name the last.
NAMED = {"burglary": 12, "fraud": 11, "robbery": 10, "asb": 8, "hate_crime": 2}
OUTCOMES = {
    "burglary": Outcome.ADOPTED,
    "fraud": Outcome.NOT_ADOPTED,
    "robbery": Outcome.IN_PART,
    "hate_crime": Outcome.ADOPTED,
}


def make_decided(
    session: Session, folder: Path, person_id: int, *, slug: str = "priorities", **overrides: Any
) -> Exercise:
    """Return a consultation that has been answered, counted and decided; asb was asked and not decided on.

    The people who make and approve plans are there, too.
    """
    add_planners(session)
    exercise = make_exercise(session, slug=slug, state=State.CLOSED)
    for code, times in NAMED.items():
        for _ in range(times):
            make_response(session, exercise, chosen=(code,))
    analysis.refresh(session, consultation=exercise.consultation, now=AFTER, folder=folder)
    for code, outcome in OUTCOMES.items():
        make_decision(session, exercise, folder, person_id, code, outcome=outcome, **overrides)
    consultation = exercise.consultation
    consultation.state, consultation.analysed_at, consultation.decided_at = State.DECIDED, AFTER, LATER
    session.commit()
    return exercise


def add_planners(session: Session) -> None:
    """Add who makes and who approves plans, once."""
    for actor in (MAKER, APPROVER):
        if session.get(Person, actor.person_id) is None:
            name = actor.label.partition(" <")[0]
            email = f"{name.lower()}@example.test"
            make_person(session, id=actor.person_id, name=name, email=email)


def make_decision(
    session: Session, exercise: Exercise, folder: Path, person_id: int, code: str, **overrides: Any
) -> Decision:
    """Return a stored decision with the figures of the latest snapshot."""
    snapshot = snapshot_of(session, exercise)
    counted = tally(session, snapshot=snapshot, folder=folder)
    values: dict[str, Any] = {
        "subject": Subject.PRIORITY,
        "outcome": Outcome.ADOPTED,
        "reason": REASON,
        "decided_on": date(2027, 12, 3),
        "decision_maker": "The full Authority",
        "mentions": counted.mentions.get(code, 0),
        "base": counted.base,
        "owner": "Deputy Chief Executive",
        "equality_note": "",
    }
    decision = Decision(
        consultation_id=exercise.consultation.id,
        priority_code=code,
        snapshot_id=snapshot.id,
        recorded_by=person_id,
        recorded_at=LATER,
        **(values | overrides),
    )
    session.add(decision)
    session.flush()
    return decision


def snapshot_of(session: Session, exercise: Exercise) -> EvidenceSnapshot:
    """Return the consultation's last snapshot."""
    snapshot = latest_snapshot(session, exercise.consultation.id)
    assert snapshot is not None
    return snapshot


def make_plan(session: Session, **overrides: Any) -> PolicingPlan:
    """Return a committed plan for 2028/29, begun from the decisions."""
    text = {"title": "Policing plan 2028/29", "first_year": 2028, "years": 1} | overrides
    plan = service.make_plan(session, by=MAKER, text=PlanText(**text), from_decisions=True)
    session.commit()
    return plan


def make_published(session: Session, plan: PolicingPlan, folder: Path) -> PlanVersion:
    """Return a committed version of the plan, approved by a second person and published."""
    version = publishing.make_version(session, by=MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    publishing.approve(session, by=APPROVER, plan=plan, version=version)
    publishing.publish(session, by=APPROVER, plan=plan, version=version)
    session.commit()
    return version
