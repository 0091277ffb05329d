"""Responses as they lie in the database, revision by revision, and what officers did with them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.analysis.evidence import text_digest
from engage.analysis.models import Coding
from engage.people.models import Person
from engage.responses.models import Channel, Response, ResponseRevision, RevisionKind
from tests.factories.responses import DURING, Exercise

_turn = count(1)


def make_response(
    session: Session,
    exercise: Exercise,
    *,
    instrument: str = "postcard",
    area: str = "E09000007",
    group_id: int | None = None,
    channel: Channel = Channel.WEB,
    chosen: tuple[str, ...] = (),
    other: str | None = None,
    words: tuple[str, ...] = (),
    revision_id: int | None = None,
) -> Response:
    """Return a stored response with its first revision; `chosen` for a list, `words` for the full form."""
    asking = exercise.instruments[instrument]
    turn = next(_turn)
    response = Response(
        consultation_id=exercise.consultation.id,
        instrument_id=asking.id,
        version_id=asking.version_id,
        channel=channel,
        area_code=area,
        group_id=group_id,
        received_at=DURING.replace(minute=0, second=0),
        submission_key=hashlib.sha256(f"key {turn}".encode()).digest(),
        synthetic=False,
    )
    session.add(response)
    session.flush()
    answers: dict[str, Any] = {"area": {"area": area}}
    if words:
        items = [{"priority": text, "why": f"Why {text}", "what": ""} for text in words]
        answers["priorities"] = {"items": items}
    elif chosen or other:
        answers["priorities"] = {"chosen": list(chosen), "rotation": 3} | ({"other": other} if other else {})
    revise(session, response, RevisionKind.SUBMITTED, answers, id=revision_id)
    return response


def revise(
    session: Session,
    response: Response,
    kind: RevisionKind,
    answers: dict[str, Any] | None,
    equality: dict[str, Any] | None = None,
    *,
    id: int | None = None,
) -> ResponseRevision:
    """Return the stored next revision of a response."""
    taken = session.query(ResponseRevision).filter_by(response_id=response.id).count()
    revision = ResponseRevision(
        id=id, response_id=response.id, number=taken + 1, kind=kind, answers=answers, equality=equality
    )
    session.add(revision)
    session.flush()
    return revision


def withdraw(session: Session, response: Response) -> ResponseRevision:
    """Return the stored withdrawal of a response."""
    return revise(session, response, RevisionKind.WITHDRAWN, None)


def make_coding(
    session: Session,
    response: Response,
    text: str,
    priority: str | None,
    *,
    person: Person,
    slot: int = 1,
    at: datetime = DURING,
) -> Coding:
    """Return the stored coding of an own-words text."""
    coding = Coding(
        response_id=response.id,
        question_code="priorities",
        slot=slot,
        priority_code=priority,
        text_digest=text_digest(text),
        coded_by=person.id,
        coded_at=at,
    )
    session.add(coding)
    session.flush()
    return coding
