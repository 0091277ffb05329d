"""Whether children may answer: decided before anybody does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engage.consultations import rules, service
from engage.consultations.rules import State
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused


def let_children_answer(
    session: Session, *, actor: str, now: datetime, consultation_id: int, may: bool
) -> None:
    """Say whether children may answer; everybody is asked for an age band first where they may.

    Raises `Refused` once it has opened: some would have been asked for their age, and others not.
    """
    consultation = service.hold(session, consultation_id)
    if rules.has_reached(consultation.state, State.OPEN):
        raise Refused(
            lazy("This cannot be changed: people have been answering already."), "children_may_answer"
        )
    if consultation.children_may_answer is may:
        return
    consultation.children_may_answer = may
    session.flush()
    details = {"may_answer": may}
    service.note(session, actor, now, consultation, action="consultation.children", details=details)
