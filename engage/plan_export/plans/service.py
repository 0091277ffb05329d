"""Verbs of writing a plan. What was frozen in a version never changes; see `publishing`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.plan_export.models import PlanMeasure, PlanObjective, PlanPriority, PolicingPlan
from engage.plan_export.plans import queries
from engage.plan_export.plans.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_TEXT,
    LONGEST_WORDING,
    MOST_OBJECTIVES,
    MOST_YEARS,
    TAKEN_UP,
    clean,
    code_for,
    moved,
)
from engage.plan_export.rules import Outcome

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and when: `label` as the log writes them today, `person_id` whoever they are called."""

    label: str
    now: datetime
    person_id: int


@dataclass(frozen=True, slots=True)
class PlanText:
    """What an officer writes of a plan."""

    title: str
    first_year: int
    years: int
    foreword: str = ""


@dataclass(frozen=True, slots=True)
class ObjectiveText:
    """What an officer writes of an objective."""

    title: str
    text: str = ""
    owner: str = ""


def make_plan(session: Session, *, by: Actor, text: PlanText, from_decisions: bool = False) -> PolicingPlan:
    """Make a plan, empty or with an objective for each priority adopted for it; raises `Refused`."""
    plan = PolicingPlan(
        code=code_for(text.first_year, text.years, queries.plan_codes(session)),
        made_by=by.label,
        made_at=by.now,
        **_plan_values(text),
    )
    session.add(plan)
    session.flush()
    if from_decisions:
        start_from_decisions(session, plan)
    audit.record(
        session,
        actor=by.label,
        action="plan.made",
        subject=f"plan:{plan.code}",
        at=by.now,
        details={"from_decisions": from_decisions},
    )
    return plan


def start_from_decisions(session: Session, plan: PolicingPlan) -> None:
    """Give the plan an objective for each priority that was adopted for it, in the order of the decisions."""
    found = queries.feeding(queries.named_decisions(session), plan)
    adopted = [each for each in found if each.decision.outcome is Outcome.ADOPTED][:MOST_OBJECTIVES]
    made = [
        PlanObjective(
            plan_id=plan.id,
            position=position,
            title=each.label[:LONGEST_TITLE],
            owner=each.decision.owner,
        )
        for position, each in enumerate(adopted, start=1)
    ]
    session.add_all(made)
    session.flush()
    session.add_all(
        PlanPriority(objective_id=objective.id, decision_id=each.decision.id, position=1)
        for objective, each in zip(made, adopted, strict=True)
    )
    session.flush()


def change_plan(session: Session, *, by: Actor, plan: PolicingPlan, text: PlanText) -> None:
    """Change title, years or foreword; its address stays. Raises `Refused`."""
    for name, value in _plan_values(text).items():
        setattr(plan, name, value)
    _changed(session, by, plan, "text")


def save_objective(
    session: Session,
    *,
    by: Actor,
    plan: PolicingPlan,
    text: ObjectiveText,
    objective: PlanObjective | None = None,
) -> PlanObjective:
    """Change an objective, or add one at the end; raises `Refused`."""
    title = _needed(text.title, "title", LONGEST_TITLE)
    body = _short(text.text, "text", LONGEST_TEXT)
    owner = _short(text.owner, "owner", LONGEST_TITLE)
    if objective is None:
        rows = queries.rows_of(session, plan)
        if len(rows.objectives) >= MOST_OBJECTIVES:
            raise Refused(lazy("A plan has at most %(most)s objectives.", most=MOST_OBJECTIVES))
        objective = PlanObjective(plan_id=plan.id, position=_after(rows.objectives))
        session.add(objective)
    objective.title, objective.text, objective.owner = title, body, owner
    _changed(session, by, plan, "objective", title)
    return objective


def remove_objective(session: Session, *, by: Actor, plan: PolicingPlan, objective: PlanObjective) -> None:
    """Take an objective out, with its measures; the decisions under it are in no objective then."""
    session.execute(delete(PlanMeasure).where(PlanMeasure.objective_id == objective.id))
    session.execute(delete(PlanPriority).where(PlanPriority.objective_id == objective.id))
    title = objective.title
    session.delete(objective)
    _changed(session, by, plan, "objective taken out", title)


def save_measure(
    session: Session,
    *,
    by: Actor,
    plan: PolicingPlan,
    objective: PlanObjective,
    text: str,
    target: str,
    measure: PlanMeasure | None = None,
) -> PlanMeasure:
    """Change a measure, or add one to an objective; raises `Refused`."""
    said = _needed(text, "text", LONGEST_WORDING)
    aim = _short(target, "target", LONGEST_TITLE)
    if measure is None:
        others = queries.rows_of(session, plan).measures[objective.id]
        measure = PlanMeasure(objective_id=objective.id, position=_after(others))
        session.add(measure)
    measure.text, measure.target = said, aim
    _changed(session, by, plan, "measure", objective.title)
    return measure


def remove_measure(session: Session, *, by: Actor, plan: PolicingPlan, measure: PlanMeasure) -> None:
    """Take a measure out."""
    session.delete(measure)
    _changed(session, by, plan, "measure taken out")


def take_up(
    session: Session,
    *,
    by: Actor,
    plan: PolicingPlan,
    objective: PlanObjective,
    decision_ids: Collection[int],
) -> int:
    """Put decisions under an objective and return how many; one already under another moves here.

    Raises `Refused` for none, and for what was not adopted or not finally decided.
    """
    if not decision_ids:
        raise Refused(lazy("Choose at least one decision."), "decisions")
    found = {each.decision.id: each for each in queries.named_decisions(session)}
    chosen = [found[id] for id in found if id in set(decision_ids)]
    if len(chosen) != len(set(decision_ids)):
        raise Refused(lazy("Choose from the decisions in the list."), "decisions")
    if any(each.decision.outcome not in TAKEN_UP or not each.final for each in chosen):
        raise Refused(lazy("A plan takes up only what has been adopted, wholly or in part."), "decisions")
    rows = queries.rows_of(session, plan)
    under = {row.decision_id: row for taken in rows.priorities.values() for row in taken}
    position = _after(rows.priorities[objective.id])
    for place, each in enumerate(chosen):
        row = under.get(each.decision.id) or PlanPriority(decision_id=each.decision.id)
        row.objective_id, row.position = objective.id, position + place
        session.add(row)
    _changed(session, by, plan, "priorities", objective.title)
    return len(chosen)


def word_priority(
    session: Session, *, by: Actor, plan: PolicingPlan, priority: PlanPriority, wording: str
) -> None:
    """Say a priority in the plan's own words; empty: in the priority's. Raises `Refused`."""
    priority.wording = _short(wording, "wording", LONGEST_WORDING)
    _changed(session, by, plan, "wording")


def put_back(session: Session, *, by: Actor, plan: PolicingPlan, priority: PlanPriority) -> None:
    """Take a decision out from under its objective."""
    session.delete(priority)
    _changed(session, by, plan, "priority taken out")


def move(
    session: Session,
    *,
    by: Actor,
    plan: PolicingPlan,
    row: PlanObjective | PlanMeasure | PlanPriority,
    up: bool,
) -> None:
    """Move a row of the plan a place up or down among its like; at the end it stays."""
    rows = queries.rows_of(session, plan)
    others: Sequence[PlanObjective | PlanMeasure | PlanPriority] = rows.objectives
    if isinstance(row, PlanMeasure):
        others = rows.measures[row.objective_id]
    elif isinstance(row, PlanPriority):
        others = rows.priorities[row.objective_id]
    by_id = {each.id: each for each in others}
    for position, id in enumerate(moved(list(by_id), row.id, up), start=1):
        by_id[id].position = position
    _changed(session, by, plan, "order")


def _plan_values(text: PlanText) -> dict[str, str | int]:
    if not FIRST_YEAR <= text.first_year <= LAST_YEAR:
        raise Refused(lazy("Enter a year such as 2028."), "first_year")
    if not 1 <= text.years <= MOST_YEARS:
        raise Refused(lazy("A plan is for 1 to %(most)s years.", most=MOST_YEARS), "years")
    return {
        "title": _needed(text.title, "title", LONGEST_TITLE),
        "first_year": text.first_year,
        "years": text.years,
        "foreword": _short(text.foreword, "foreword", LONGEST_TEXT),
    }


def _needed(text: str, field: str, longest: int) -> str:
    said = _short(text, field, longest)
    if not said:
        raise Refused(lazy("Write something here: it cannot be empty."), field)
    return said


def _short(text: str, field: str, longest: int) -> str:
    said = clean(text)
    if len(said) > longest:
        raise Refused(lazy("Shorten this to %(most)s characters or fewer.", most=f"{longest:,}"), field)
    return said


def _after(rows: Sequence[PlanObjective | PlanMeasure | PlanPriority]) -> int:
    return max((row.position for row in rows), default=0) + 1


def _changed(session: Session, by: Actor, plan: PolicingPlan, what: str, title: str = "") -> None:
    session.flush()
    audit.record(
        session,
        actor=by.label,
        action="plan.changed",
        subject=f"plan:{plan.code}",
        at=by.now,
        details={"what": what} | ({"title": title} if title else {}),
    )
