"""Submitting many at once: what `submit` and `add_equality` would store one by one, in a few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import is_open
from engage.distribution.service import count_submissions
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.responses.models import Response, ResponseRevision, RevisionKind
from engage.responses.rules import received_hour
from engage.responses.service import Submission, add_equality, submission_key, submit


@dataclass(frozen=True, slots=True)
class Arrival:
    """A response with the moment it came and the equality answers that followed it, if they did."""

    submission: Submission
    at: datetime
    equality: Mapping[str, Any] | None = None


def submit_many(session: Session, *, consultation_id: int, arrivals: Sequence[Arrival]) -> int:
    """Store responses to one consultation in the order they came; return how many were not there before.

    A form that was sent before goes the way of `submit`. Raises `Refused`, and stores nothing, where the
    consultation was not open to each of them.
    """
    # Two runs of the same forms at once queue here; people who answer meanwhile do not.
    consultation = session.execute(
        select(Consultation.state, Consultation.closes_at)
        .where(Consultation.id == consultation_id)
        .with_for_update(key_share=True)
    ).one()
    if not all(is_open(consultation.state, consultation.closes_at, one.at) for one in arrivals):
        raise Refused(lazy("This consultation is closed, so we could not take your answers."))
    before = _sent_before(session, arrivals)
    fresh = [one for one in arrivals if submission_key(one.submission.ticket) not in before]
    if fresh:
        _insert(session, fresh)
    for one in arrivals:
        if submission_key(one.submission.ticket) in before:
            _again(session, one)
    return len(fresh)


def _sent_before(session: Session, arrivals: Sequence[Arrival]) -> set[bytes]:
    keys = [submission_key(one.submission.ticket) for one in arrivals]
    return set(session.scalars(select(Response.submission_key).where(Response.submission_key.in_(keys))))


def _insert(session: Session, arrivals: Sequence[Arrival]) -> None:
    connection = session.connection()
    new = insert(Response).returning(Response.id, sort_by_parameter_order=True)
    ids = connection.execute(new, [_response(one) for one in arrivals]).scalars().all()
    revisions = []
    for response_id, one in zip(ids, arrivals, strict=True):
        answers = one.submission.answers
        revisions.append(_revision(response_id, 1, RevisionKind.SUBMITTED, answers, None))
        if one.equality is not None:
            revisions.append(_revision(response_id, 2, RevisionKind.EQUALITY, answers, one.equality))
    connection.execute(insert(ResponseRevision), revisions)
    by_link = Counter(one.submission.ticket.link_id for one in arrivals if one.submission.ticket.link_id)
    count_submissions(session, by_link)


def _response(one: Arrival) -> dict[str, Any]:
    ticket = one.submission.ticket
    return {
        "consultation_id": one.submission.consultation_id,
        "instrument_id": ticket.instrument_id,
        "version_id": ticket.version_id,
        "channel": one.submission.channel,
        "area_code": one.submission.area_code,
        "group_id": ticket.group_id or None,
        "received_at": received_hour(one.at),
        "submission_key": submission_key(ticket),
        "synthetic": one.submission.synthetic,
    }


def _revision(
    response_id: int,
    number: int,
    kind: RevisionKind,
    answers: Mapping[str, Any],
    equality: Mapping[str, Any] | None,
) -> dict[str, Any]:
    return {
        "response_id": response_id,
        "number": number,
        "kind": kind,
        "answers": answers,
        "equality": equality,
    }


def _again(session: Session, one: Arrival) -> None:
    receipt = submit(session, submission=one.submission, now=one.at)
    if one.equality is not None:
        add_equality(session, response_id=receipt.response_id, equality=one.equality)
