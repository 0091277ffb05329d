"""How meetings voted. Never to be added to responses: one hand is not one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engage.consultations.queries import asked
from engage.groups.models import Group
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.queries import Published, get_published
from engage.responses.meetings.rules import can_be_voted_on
from engage.responses.models import MeetingVote


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How a meeting voted on one question; `votes` maps option codes to hands counted."""

    id: int
    consultation_id: int
    version_id: int
    group_id: int
    group: str
    area_code: str | None
    held_on: date
    question_code: str
    attendance: int
    votes: Mapping[str, int]
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Votable:
    """A question that a meeting can vote on, in the version that an instrument gives out now."""

    instrument: str
    instrument_code: str
    version_id: int
    question: Question


def meeting_votes(session: Session, consultation_id: int) -> list[Vote]:
    """Return the votes noted at a consultation, by day, group and question."""
    chosen = _votes().where(MeetingVote.consultation_id == consultation_id)
    return [_vote(*row) for row in session.execute(chosen)]


def get_vote(session: Session, consultation_id: int, vote_id: int) -> Vote:
    """Return one vote of a consultation; raises `NoResultFound`."""
    chosen = _votes().where(MeetingVote.consultation_id == consultation_id, MeetingVote.id == vote_id)
    vote, group, area_code = session.execute(chosen).one()
    return _vote(vote, group, area_code)


def votable(session: Session, consultation_id: int) -> list[Votable]:
    """Return the questions of a consultation's instruments that a meeting can vote on, in their order."""
    return [
        Votable(each.title, each.code, each.version_id, question)
        for each in asked(session, consultation_id)
        for question in get_published(session, each.version_id).definition.questions
        if can_be_voted_on(question)
    ]


def versions_voted_on(session: Session, votes: list[Vote]) -> dict[int, Published]:
    """Return the versions whose questions were voted on, by their ids."""
    return {
        version_id: get_published(session, version_id) for version_id in {one.version_id for one in votes}
    }


def _votes() -> Select[MeetingVote, str, str | None]:
    return (
        select(MeetingVote, Group.name, Group.area_code)
        .join(Group, Group.id == MeetingVote.group_id)
        .order_by(MeetingVote.held_on, Group.name, MeetingVote.question_code, MeetingVote.id)
    )


def _vote(vote: MeetingVote, group: str, area_code: str | None) -> Vote:
    return Vote(
        id=vote.id,
        consultation_id=vote.consultation_id,
        version_id=vote.version_id,
        group_id=vote.group_id,
        group=group,
        area_code=area_code,
        held_on=vote.held_on,
        question_code=vote.question_code,
        attendance=vote.attendance,
        votes=vote.votes,
        noted_by=vote.noted_by,
        noted_at=vote.noted_at,
    )
