"""Verbs of deciding: record what became of a priority, and say that every top one is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.analysis.models import EvidenceSnapshot
from engage.analysis.queries import framework_labels, is_behind, latest_snapshot, tally
from engage.audit import service as audit
from engage.consultations import service as consultations
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations.clock import in_london
from engage.foundations.language import lazy, plural
from engage.foundations.refusals import Refused
from engage.plan_export.models import Decision
from engage.plan_export.queries import find_plan
from engage.plan_export.rules import Outcome, problem_with_day, problem_with_reason

DECIDABLE = frozenset({State.ANALYSED, State.DECIDED})


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided on a priority, why, and when."""

    priority_code: str
    outcome: Outcome
    reason: str
    decided_on: date
    decision_maker: str


def record_decision(
    session: Session,
    *,
    actor: str,
    person_id: int,
    now: datetime,
    consultation: Consultation,
    decided: Decided,
    folder: Path,
) -> Decision:
    """Keep a decision with the figures of the latest snapshot; until feedback a later one takes its place.

    `folder` is the instance's evidence folder. Raises `Refused` where the consultation has not been analysed
    or is fed back already, where the figures lag behind, and where reason, day or decision maker will not do.
    """
    _refuse_wrong_state(consultation)
    snapshot = _current_snapshot(session, consultation, now)
    _refuse_incomplete(session, consultation, snapshot, decided, now)
    counted = tally(session, snapshot=snapshot, folder=folder)
    decision = session.scalars(
        select(Decision).where(
            Decision.consultation_id == consultation.id, Decision.priority_code == decided.priority_code
        )
    ).one_or_none()
    if decision is None:
        decision = Decision(consultation_id=consultation.id, priority_code=decided.priority_code)
        session.add(decision)
    decision.outcome = decided.outcome
    decision.reason = decided.reason.strip()
    decision.decided_on = decided.decided_on
    decision.decision_maker = decided.decision_maker.strip()
    decision.snapshot_id = snapshot.id
    decision.mentions = counted.mentions.get(decided.priority_code, 0)
    decision.base = counted.base
    decision.recorded_by = person_id
    decision.recorded_at = now
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="decision.recorded",
        subject=f"consultation:{consultation.slug}",
        at=now,
        details={
            "priority": decided.priority_code,
            "outcome": decided.outcome.value,
            "decided_on": decided.decided_on.isoformat(),
            "snapshot": snapshot.digest,
        },
    )
    return decision


def finish(
    session: Session,
    *,
    actor: str,
    now: datetime,
    consultation: Consultation,
    folder: Path,
    threshold: int,
) -> None:
    """Say that the consultation is decided; raises `Refused` while a top priority has no decision."""
    plan = find_plan(session, consultation=consultation, folder=folder, threshold=threshold)
    if plan is None:
        raise Refused(lazy("Nothing has been counted yet."))
    if plan.undecided:
        raise Refused(
            plural(
                "%(num)d of the top priorities has no decision yet.",
                "%(num)d of the top priorities have no decision yet.",
                len(plan.undecided),
            )
        )
    consultations.mark_decided(session, actor=actor, now=now, consultation_id=consultation.id)


def _refuse_wrong_state(consultation: Consultation) -> None:
    if consultation.state is State.FED_BACK:
        raise Refused(lazy("Feedback has been given: its decisions stay as everybody was told."))
    if consultation.state not in DECIDABLE:
        raise Refused(lazy("The answers have not been analysed yet: decisions follow their report."))


def _current_snapshot(session: Session, consultation: Consultation, now: datetime) -> EvidenceSnapshot:
    snapshot = latest_snapshot(session, consultation.id)
    if snapshot is None:
        raise Refused(lazy("Nothing has been counted yet."))
    if is_behind(session, snapshot, now):
        raise Refused(lazy("The figures lag behind the responses: bring the results up to date first."))
    return snapshot


def _refuse_incomplete(
    session: Session, consultation: Consultation, snapshot: EvidenceSnapshot, decided: Decided, now: datetime
) -> None:
    if decided.priority_code not in framework_labels(session, consultation.framework_id):
        raise Refused(lazy("Choose from the priorities of this consultation."))
    if problem := problem_with_reason(decided.reason):
        raise Refused(problem, "reason")
    if not decided.decision_maker.strip():
        raise Refused(lazy("Say who decided."), "decision_maker")
    problem = problem_with_day(
        decided.decided_on,
        closed_on=in_london(consultation.closed_at or consultation.closes_at).date(),
        counted_on=in_london(snapshot.made_at).date(),
        today=in_london(now).date(),
    )
    if problem:
        raise Refused(problem, "decided_on")
