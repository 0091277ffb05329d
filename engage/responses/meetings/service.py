"""Verbs of meetings' votes: note one, correct it, remove one noted by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations import service as consultations
from engage.consultations.models import Consultation
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.queries import get_published
from engage.responses.meetings import rules
from engage.responses.models import MeetingVote


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """A show of hands: `votes` maps the codes of options to hands counted."""

    group_id: int
    held_on: date
    attendance: int
    votes: Mapping[str, int]


def note_vote(
    session: Session,
    *,
    actor: str,
    now: datetime,
    today: date,
    consultation_id: int,
    version_id: int,
    question_code: str,
    show: Show,
) -> MeetingVote:
    """Note how a meeting voted on a question of a version. Raises `Refused` where it cannot have been so."""
    consultation = consultations.hold(session, consultation_id)
    vote = MeetingVote(consultation_id=consultation_id, version_id=version_id, question_code=question_code)
    _check(session, consultation, vote, show, today)
    session.add(_written(vote, show, actor, now))
    session.flush()
    details = {"id": vote.id, **_facts(vote)}
    consultations.note(session, actor, now, consultation, action="meeting.vote_noted", details=details)
    return vote


def correct_vote(
    session: Session, *, actor: str, now: datetime, today: date, vote_id: int, show: Show
) -> None:
    """Put a vote right. What it said before stays in the audit log."""
    vote, consultation = _held(session, vote_id)
    before = _facts(vote)
    _check(session, consultation, vote, show, today)
    _written(vote, show, actor, now)
    session.flush()
    details = {"id": vote.id, "before": before, "after": _facts(vote)}
    consultations.note(session, actor, now, consultation, action="meeting.vote_corrected", details=details)


def remove_vote(session: Session, *, actor: str, now: datetime, vote_id: int) -> None:
    """Remove a vote that was noted by mistake. What it said stays in the audit log."""
    vote, consultation = _held(session, vote_id)
    rules.refuse_noting(consultation.state)
    details = {"id": vote.id, **_facts(vote)}
    session.delete(vote)
    session.flush()
    consultations.note(session, actor, now, consultation, action="meeting.vote_removed", details=details)


def _held(session: Session, vote_id: int) -> tuple[MeetingVote, Consultation]:
    vote = session.scalars(select(MeetingVote).where(MeetingVote.id == vote_id).with_for_update()).one()
    return vote, consultations.hold(session, vote.consultation_id)


def _check(session: Session, consultation: Consultation, vote: MeetingVote, show: Show, today: date) -> None:
    rules.refuse_noting(consultation.state)
    closing = consultation.closed_at or consultation.closes_at
    assert consultation.opened_at is not None
    rules.refuse_day(show.held_on, opened_at=consultation.opened_at, closing=closing, today=today)
    question = get_published(session, vote.version_id).definition.question(vote.question_code)
    if question is None or not rules.can_be_voted_on(question):
        raise Refused(lazy("A meeting cannot vote on this question by show of hands."))
    rules.refuse_votes(question, show.votes, show.attendance)
    taken = select(MeetingVote.id).where(
        MeetingVote.consultation_id == consultation.id,
        MeetingVote.group_id == show.group_id,
        MeetingVote.held_on == show.held_on,
        MeetingVote.question_code == vote.question_code,
    )
    if session.scalar(taken) not in (None, vote.id):
        raise Refused(lazy("The vote of this group on this day has been noted already."), "held_on")


def _written(vote: MeetingVote, show: Show, actor: str, now: datetime) -> MeetingVote:
    vote.group_id, vote.held_on = show.group_id, show.held_on
    vote.attendance, vote.votes = show.attendance, dict(show.votes)
    vote.noted_by, vote.noted_at = actor, now
    return vote


def _facts(vote: MeetingVote) -> dict[str, Any]:
    return {
        "group_id": vote.group_id,
        "held_on": vote.held_on.isoformat(),
        "question": vote.question_code,
        "attendance": vote.attendance,
        "votes": dict(vote.votes),
    }
