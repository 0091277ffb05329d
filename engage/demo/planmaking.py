"""The policing plan that was made of the earlier consultation: written, approved by another, published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial

from sqlalchemy.orm import Session

from engage.consultations.queries import find_consultation
from engage.demo import content
from engage.demo.content import EARLIER
from engage.demo.earlier import Tools
from engage.demo.people import ADMINISTRATOR, OFFICER, Member, person_of
from engage.demo.steps import Step
from engage.foundations.database import transaction
from engage.plan_export.models import PolicingPlan
from engage.plan_export.plans import publishing, queries, service
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.plans.rules import years_of
from engage.plan_export.plans.service import Actor, ObjectiveText, PlanText
from engage.plan_export.rules import Outcome
from engage.timetable.queries import get_entry

FOREWORD = (
    "This plan says what we have set the police to do, and how everybody will see whether it is done. Its "
    "objectives come from what Londoners told us: under each stands what was asked for, by how many, and "
    "what we decided."
)
OWNER = "Assistant Commissioner, Territorial Policing"
IN_PART = ObjectiveText(
    "Safer homes and streets",
    "What we take up in part: each says below what will be done, and what will not.",
    OWNER,
)
# How an objective is measured, by the code of its priority.
MEASURES: Mapping[str, tuple[str, str]] = {
    "knife_crime": ("People under 25 injured with a knife", "One in ten fewer in two years"),
    "youth_violence": ("Serious injuries to people under 25", "One in ten fewer in two years"),
    "robbery": ("Robberies at the twenty worst places and hours", "One in five fewer"),
    "theft_person": ("Telephones taken from people in the street", "One in ten fewer"),
    "vawg": ("Days from report to charge or to the end of a case", "Half of all cases within 90 days"),
    "visible_policing": ("Wards with two named officers all year", "Every ward"),
    "trust": ("Londoners who say that the police treat everybody fairly", "Seven in ten, by our own survey"),
    "engagement": ("Ward panels that met four times and published what was done", "Every ward"),
}
COMMON = (
    "Londoners who say in our survey that it has become better where they live",
    "More than the year before",
)


def steps_of(today: date, tools: Tools) -> list[Step]:
    """Return the steps by which the plan is written, and approved and published two days later."""
    at = partial(content.moment_in, today)
    return [
        Step(at(-38, 1, time(10)), partial(_write, tools)),
        Step(at(-38, 3, time(15)), _publish),
    ]


def _write(tools: Tools, session: Session, now: datetime) -> None:
    """Begin the plan from the decisions, say how it is measured, and keep a first version."""
    with transaction(session):
        if find_consultation(session, EARLIER) is None or queries.plan_codes(session):
            return
        entry = get_entry(session, EARLIER)
        year = entry.plan_year or entry.consultation_year
        by = _actor(session, OFFICER, now)
        text = PlanText(f"Policing plan {years_of(year, 1)}", year, 1, FOREWORD)
        plan = service.make_plan(session, by=by, text=text, from_decisions=True)
        _take_up_in_part(session, by, plan)
        _measure(session, by, plan)
        publishing.make_version(
            session,
            by=by,
            plan=plan,
            note="For the meeting of the full Authority",
            evidence=Evidence(tools.evidence, tools.threshold),
        )


def _take_up_in_part(session: Session, by: Actor, plan: PolicingPlan) -> None:
    found = queries.feeding(queries.named_decisions(session), plan)
    chosen = [each.decision.id for each in found if each.decision.outcome is Outcome.IN_PART]
    if chosen:
        objective = service.save_objective(session, by=by, plan=plan, text=IN_PART)
        service.take_up(session, by=by, plan=plan, objective=objective, decision_ids=chosen)


def _measure(session: Session, by: Actor, plan: PolicingPlan) -> None:
    rows = queries.rows_of(session, plan)
    named = {each.decision.id: each for each in queries.named_decisions(session)}
    for objective in rows.objectives:
        first = named[rows.priorities[objective.id][0].decision_id]
        text, target = MEASURES.get(first.decision.priority_code, COMMON)
        if objective.title == IN_PART.title:
            text, target = COMMON
        service.save_measure(session, by=by, plan=plan, objective=objective, text=text, target=target)


def _publish(session: Session, now: datetime) -> None:
    """Let the administrator approve the version that the officer made, and publish it."""
    with transaction(session):
        by = _actor(session, ADMINISTRATOR, now)
        for listed in queries.list_plans(session):
            version = listed.newest
            # Whoever tries the demonstration may have made others since.
            if version is not None and version.approved_at is None and version.made_at <= now:
                publishing.approve(session, by=by, plan=listed.plan, version=version)
                publishing.publish(session, by=by, plan=listed.plan, version=version)


def _actor(session: Session, member: Member, now: datetime) -> Actor:
    person = person_of(session, member)
    return Actor(person.label, now, person.id)
