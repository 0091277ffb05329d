"""Reads of plans: the rows as they are being written, the versions, and what a plan could take up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.plan_export.models import (
    Decision,
    PlanMeasure,
    PlanObjective,
    PlanPriority,
    PlanVersion,
    PolicingPlan,
)
from engage.plan_export.plans.rules import TAKEN_UP, Stage, stage
from engage.plan_export.rules import TOLD
from engage.questionnaires.models import Priority
from engage.timetable.models import Entry

Under = TypeVar("Under", PlanMeasure, PlanPriority)


@dataclass(frozen=True, slots=True)
class Named:
    """A decision with the words of its priority or theme, and its consultation."""

    decision: Decision
    label: str
    position: int
    consultation: Consultation
    entry: Entry

    @property
    def final(self) -> bool:
        """Whether it may not change any more without everybody hearing of it."""
        return self.consultation.state in TOLD


@dataclass(frozen=True, slots=True)
class Rows:
    """A plan as it is being written: its objectives in order, and what is under each."""

    plan: PolicingPlan
    objectives: tuple[PlanObjective, ...]
    measures: Mapping[int, tuple[PlanMeasure, ...]]
    priorities: Mapping[int, tuple[PlanPriority, ...]]

    @property
    def taken(self) -> frozenset[int]:
        """The ids of the decisions under any objective."""
        return frozenset(row.decision_id for rows in self.priorities.values() for row in rows)


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan in a list, with its newest version and the newest published one, if there are any."""

    plan: PolicingPlan
    newest: PlanVersion | None
    published: PlanVersion | None


def get_plan(session: Session, code: str) -> PolicingPlan:
    """Return the plan with this code; raises `NoResultFound`."""
    return session.scalars(select(PolicingPlan).where(PolicingPlan.code == code)).one()


def plan_codes(session: Session) -> frozenset[str]:
    """Return the codes of all plans."""
    return frozenset(session.scalars(select(PolicingPlan.code).order_by(PolicingPlan.id)))


def list_plans(session: Session) -> list[Listed]:
    """Return every plan, the latest years first."""
    plans = session.scalars(
        select(PolicingPlan).order_by(PolicingPlan.first_year.desc(), PolicingPlan.id.desc())
    ).all()
    held: dict[int, list[PlanVersion]] = defaultdict(list)
    for version in session.scalars(select(PlanVersion).order_by(PlanVersion.number, PlanVersion.id)):
        held[version.plan_id].append(version)
    return [
        Listed(
            plan,
            next(reversed(held[plan.id]), None),
            next((one for one in reversed(held[plan.id]) if one.published_at is not None), None),
        )
        for plan in plans
    ]


def rows_of(session: Session, plan: PolicingPlan) -> Rows:
    """Return the plan as it is being written."""
    objectives = session.scalars(
        select(PlanObjective)
        .where(PlanObjective.plan_id == plan.id)
        .order_by(PlanObjective.position, PlanObjective.id)
    ).all()
    ids = [objective.id for objective in objectives]
    measures: dict[int, list[PlanMeasure]] = {id: [] for id in ids}
    for measure in session.scalars(
        select(PlanMeasure)
        .join(PlanObjective, PlanObjective.id == PlanMeasure.objective_id)
        .where(PlanObjective.plan_id == plan.id)
        .order_by(PlanMeasure.position, PlanMeasure.id)
    ):
        measures[measure.objective_id].append(measure)
    priorities: dict[int, list[PlanPriority]] = {id: [] for id in ids}
    for priority in session.scalars(
        select(PlanPriority)
        .join(PlanObjective, PlanObjective.id == PlanPriority.objective_id)
        .where(PlanObjective.plan_id == plan.id)
        .order_by(PlanPriority.position, PlanPriority.id)
    ):
        priorities[priority.objective_id].append(priority)
    return Rows(
        plan,
        tuple(objectives),
        {id: tuple(rows) for id, rows in measures.items()},
        {id: tuple(rows) for id, rows in priorities.items()},
    )


def get_objective(session: Session, plan: PolicingPlan, objective_id: int) -> PlanObjective:
    """Return an objective of this plan; raises `NoResultFound`."""
    found = session.get(PlanObjective, objective_id)
    if found is None or found.plan_id != plan.id:
        raise NoResultFound
    return found


def get_measure(session: Session, plan: PolicingPlan, measure_id: int) -> PlanMeasure:
    """Return a measure of this plan; raises `NoResultFound`."""
    return _of_plan(session, plan, session.get(PlanMeasure, measure_id))


def get_priority(session: Session, plan: PolicingPlan, priority_id: int) -> PlanPriority:
    """Return a priority that this plan takes up; raises `NoResultFound`."""
    return _of_plan(session, plan, session.get(PlanPriority, priority_id))


def _of_plan(session: Session, plan: PolicingPlan, found: Under | None) -> Under:
    """Return what stands under an objective of this plan; raises `NoResultFound` for anything else."""
    if found is None:
        raise NoResultFound
    get_objective(session, plan, found.objective_id)
    return found


def named_decisions(
    session: Session, *, consultation_ids: Collection[int] | None = None
) -> tuple[Named, ...]:
    """Return decisions with their words, the most named first in each consultation, the latest one first.

    `consultation_ids` None: of every consultation.
    """
    statement = (
        select(Decision, Consultation, Entry, Priority.label, Priority.position)
        .join(Consultation, Consultation.id == Decision.consultation_id)
        .join(Entry, Entry.id == Consultation.entry_id)
        .outerjoin(
            Priority,
            (Priority.framework_id == Consultation.framework_id) & (Priority.code == Decision.priority_code),
        )
        .order_by(
            Consultation.closes_at.desc(),
            Consultation.id,
            Decision.mentions.desc(),
            Priority.position,
            Decision.id,
        )
    )
    if consultation_ids is not None:
        statement = statement.where(Decision.consultation_id.in_(consultation_ids))
    return tuple(
        Named(decision, decision.label or label or decision.priority_code, position or 0, consultation, entry)
        for decision, consultation, entry, label, position in session.execute(statement)
    )


def feeding(named: Sequence[Named], plan: PolicingPlan) -> tuple[Named, ...]:
    """Return the decisions of consultations that were held for this plan, whenever that was."""
    last = plan.first_year + plan.years
    return tuple(
        each
        for each in named
        if each.final and each.entry.plan_year is not None and plan.first_year <= each.entry.plan_year < last
    )


def in_no_objective(named: Sequence[Named], rows: Rows) -> tuple[Named, ...]:
    """Return what was adopted, also in part, for this plan or beside what it took up, and not in it."""
    taken = rows.taken
    used = {each.consultation.id for each in named if each.decision.id in taken}
    held_for_it = {each.decision.id for each in feeding(named, rows.plan)}
    return tuple(
        each
        for each in named
        if each.decision.outcome in TAKEN_UP
        and each.decision.id not in taken
        and (each.decision.id in held_for_it or (each.final and each.consultation.id in used))
    )


def versions_of(session: Session, plan_id: int) -> list[PlanVersion]:
    """Return the versions of a plan, the newest first."""
    return list(
        session.scalars(
            select(PlanVersion)
            .where(PlanVersion.plan_id == plan_id)
            .order_by(PlanVersion.number.desc(), PlanVersion.id.desc())
        )
    )


def newest_version(session: Session, plan_id: int) -> PlanVersion | None:
    """Return the version with the highest number, None where there is none."""
    return next(iter(versions_of(session, plan_id)), None)


def get_version(session: Session, plan: PolicingPlan, number: int) -> PlanVersion:
    """Return a version of a plan; raises `NoResultFound`."""
    return session.scalars(
        select(PlanVersion).where(PlanVersion.plan_id == plan.id, PlanVersion.number == number)
    ).one()


def get_published(session: Session, code: str, number: int | None = None) -> tuple[PolicingPlan, PlanVersion]:
    """Return a plan and a published version of it, the newest unless numbered; raises `NoResultFound`."""
    statement = (
        select(PolicingPlan, PlanVersion)
        .join(PlanVersion, PlanVersion.plan_id == PolicingPlan.id)
        .where(PolicingPlan.code == code, PlanVersion.published_at.is_not(None))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )
    if number is not None:
        statement = statement.where(PlanVersion.number == number)
    plan, version = session.execute(statement).one()
    return plan, version


def published_now(session: Session) -> list[tuple[PolicingPlan, PlanVersion]]:
    """Return each plan with its newest published version, the latest years first; unpublished ones not."""
    last = (
        select(PlanVersion.plan_id, func.max(PlanVersion.number).label("number"))
        .where(PlanVersion.published_at.is_not(None))
        .group_by(PlanVersion.plan_id)
        .subquery()
    )
    rows = session.execute(
        select(PolicingPlan, PlanVersion)
        .join(PlanVersion, PlanVersion.plan_id == PolicingPlan.id)
        .join(last, (last.c.plan_id == PlanVersion.plan_id) & (last.c.number == PlanVersion.number))
        .order_by(PolicingPlan.first_year.desc(), PolicingPlan.id.desc())
    )
    return [(plan, version) for plan, version in rows]


def stage_of(version: PlanVersion) -> Stage:
    """Return how far a version has come."""
    return stage(version.approved_at, version.published_at)
