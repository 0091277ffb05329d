"""How far each decision has come: said by officers, read by everybody, only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.service import hold
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.plan_export.deciding.keeping import keep
from engage.plan_export.deciding.phrases import find_empty
from engage.plan_export.models import Decision, DecisionProgress
from engage.plan_export.rules import TOLD, Standing, problem_with_reason


def of(session: Session, decision_ids: Collection[int]) -> Mapping[int, tuple[DecisionProgress, ...]]:
    """Return what was said of the progress of each of these decisions, the latest first; one query."""
    found: dict[int, list[DecisionProgress]] = {}
    rows = session.scalars(
        select(DecisionProgress)
        .where(DecisionProgress.decision_id.in_(decision_ids))
        .order_by(DecisionProgress.said_at.desc(), DecisionProgress.id.desc())
    )
    for row in rows:
        found.setdefault(row.decision_id, []).append(row)
    return {decision_id: tuple(told) for decision_id, told in found.items()}


def record(
    session: Session,
    *,
    actor: str,
    now: datetime,
    decision_id: int,
    standing: Standing,
    said: str,
) -> DecisionProgress:
    """Keep how far a decision has come, and return it; pressed twice it is kept once.

    Raises `Refused` before the consultation is decided, and where nothing is said, or nothing that says why.
    """
    decision = session.scalars(select(Decision).where(Decision.id == decision_id)).one()
    consultation = hold(session, decision.consultation_id)
    if consultation.state not in TOLD:
        raise Refused(lazy("Progress is told once the consultation is decided."))
    said = said.strip()
    if problem := problem_with_reason(said):
        raise Refused(problem, "said")
    if standing is Standing.DROPPED and (found := find_empty(said)):
        raise Refused(found.refusal, "said")
    last = next(iter(of(session, [decision_id]).get(decision_id, ())), None)
    if last is not None and (last.standing, last.said) == (standing, said):
        return last
    told = DecisionProgress(decision_id=decision_id, standing=standing, said=said, said_by=actor, said_at=now)
    keep(
        session,
        told,
        actor=actor,
        now=now,
        consultation=consultation,
        action="decision.progressed",
        details={"priority": decision.priority_code, "standing": standing.value},
    )
    return told
