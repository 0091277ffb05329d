"""Deciding what to do about two entries that overlap."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.timetable.holding import hold_entry
from engage.timetable.models import OverlapDecision
from engage.timetable.overlaps import queries
from engage.timetable.rules import Outcome

LONGEST_REASON = 2000


def decide(
    session: Session,
    *,
    actor: str,
    now: datetime,
    entry_id: int,
    other_id: int,
    outcome: Outcome,
    reason: str,
) -> OverlapDecision:
    """Record what was decided about two entries and why; a later decision takes the place of the earlier.

    Whichever comes first, the two are one pair. The audit log keeps every decision, on both entries. Raises
    `NoResultFound` for an entry that does not exist, `Refused` where there is nothing to decide or no reason.
    """
    pair = min(entry_id, other_id), max(entry_id, other_id)
    reason = reason.strip()
    if not reason:
        raise Refused(lazy("Give the reason, so that it can be understood later."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_REASON), "reason")
    # Held in one order, so that two who decide at once wait and do not lock each other out.
    slugs = [hold_entry(session, each).slug for each in dict.fromkeys(pair)]
    found = queries.find_decision(session, pair)
    if pair[0] == pair[1] or queries.find_overlap(queries.known(session, now), pair) is None:
        raise Refused(lazy("These two entries do not overlap, so there is nothing to decide."))
    decision = found or OverlapDecision(entry_id=pair[0], other_id=pair[1])
    was = [found.outcome.value, found.reason] if found else None
    decision.outcome, decision.reason = outcome, reason
    decision.decided_by, decision.decided_at = actor, now
    session.add(decision)
    session.flush()
    for mine, its in (slugs, slugs[::-1]):
        details = {"with": its, "outcome": outcome.value, "reason": reason, "before": was}
        audit.record(
            session, actor=actor, action="overlap.decided", subject=f"entry:{mine}", at=now, details=details
        )
    return decision
