"""Submitting many at once: what `submit` and `add_equality` would store one by one, in a few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.rules import is_open
from engage.consultations.service import hold
from engage.distribution.counting import count_submissions
from engage.foundations.refusals import Refused
from engage.responses.models import Response, RevisionKind
from engage.responses.rules import received_hour
from engage.responses.service import CLOSED, Submission, add_equality, submission_key, submit
from engage.responses.storing import revision, store_rows


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
    consultation = hold(session, consultation_id)
    if not all(is_open(consultation.state, consultation.closes_at, one.at) for one in arrivals):
        raise Refused(CLOSED)
    keyed = [(submission_key(one.submission.ticket), one) for one in arrivals]
    before = _sent_before(session, [key for key, _ in keyed])
    fresh = [(key, one) for key, one in keyed if key not in before]
    if fresh:
        _insert(session, fresh)
    for key, one in keyed:
        if key in before:
            _again(session, one)
    return len(fresh)


def _sent_before(session: Session, keys: Sequence[bytes]) -> set[bytes]:
    return set(session.scalars(select(Response.submission_key).where(Response.submission_key.in_(keys))))


def _insert(session: Session, keyed: Sequence[tuple[bytes, Arrival]]) -> None:
    store_rows(session, [(_response(key, one), _revisions(one)) for key, one in keyed])
    by_link = Counter(one.submission.ticket.link_id for _, one in keyed if one.submission.ticket.link_id)
    count_submissions(session, by_link)


def _response(key: bytes, one: Arrival) -> dict[str, Any]:
    ticket = one.submission.ticket
    return {
        "consultation_id": one.submission.consultation_id,
        "instrument_id": ticket.instrument_id,
        "version_id": ticket.version_id,
        "channel": one.submission.channel,
        "area_code": one.submission.area_code,
        "group_id": ticket.group_id or None,
        "received_at": received_hour(one.at),
        "submission_key": key,
        "synthetic": one.submission.synthetic,
    }


def _revisions(one: Arrival) -> list[dict[str, Any]]:
    answers = one.submission.answers
    revisions = [revision(RevisionKind.SUBMITTED, answers)]
    if one.equality is not None:
        revisions.append(revision(RevisionKind.EQUALITY, answers, one.equality))
    return revisions


def _again(session: Session, one: Arrival) -> None:
    receipt = submit(session, submission=one.submission, now=one.at)
    if one.equality is not None:
        add_equality(session, response_id=receipt.response_id, equality=one.equality)
