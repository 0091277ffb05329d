"""What was decided before on the same matter, where it was not adopted or only in part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.plan_export.deciding.likeness import alike
from engage.plan_export.models import Decision
from engage.plan_export.rules import EXPLAINED, TOLD, Outcome
from engage.questionnaires.models import Priority

MOST = 5


@dataclass(frozen=True, slots=True)
class Case:
    """An earlier decision like this one. `fed_back`: the public can read it with the feedback."""

    decision_id: int
    slug: str
    title: str
    label: str
    outcome: Outcome
    reason: str
    decided_on: date
    decision_maker: str
    fed_back: bool


def cases(session: Session, consultation: Consultation, *, code: str, label: str) -> tuple[Case, ...]:
    """Return earlier decisions of other consultations on this priority or theme, the latest first.

    Frameworks keep their codes from year to year, so the same code is the same matter; other labels are
    compared by their words.
    """
    rows = session.execute(
        select(Decision, Consultation, Priority.label)
        .join(Consultation, Consultation.id == Decision.consultation_id)
        .outerjoin(
            Priority,
            (Priority.framework_id == Consultation.framework_id) & (Priority.code == Decision.priority_code),
        )
        .where(
            Decision.consultation_id != consultation.id,
            Decision.outcome.in_(EXPLAINED),
            Consultation.state.in_(TOLD),
            or_(
                Consultation.opened_at.is_(None),
                Consultation.opened_at < (consultation.opened_at or consultation.closes_at),
            ),
        )
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    )
    found = []
    for decision, earlier, of_framework in rows:
        named = decision.label or of_framework or decision.priority_code
        if decision.priority_code == code or alike(named, label):
            found.append(_case(decision, earlier, named))
    return tuple(found[:MOST])


def _case(decision: Decision, consultation: Consultation, label: str) -> Case:
    return Case(
        decision_id=decision.id,
        slug=consultation.slug,
        title=consultation.title,
        label=label,
        outcome=decision.outcome,
        reason=decision.reason,
        decided_on=decision.decided_on,
        decision_maker=decision.decision_maker,
        fed_back=consultation.state is State.FED_BACK,
    )
