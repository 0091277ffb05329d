"""Verbs of taking part: submit once, add equality answers, keep and forget drafts.

Submitting is the hot path of the platform; its statements are in `storing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.distribution.service import count_submission
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tokens import code_from, keyed_hash
from engage.responses.models import Channel, Draft, Response, ResponseRevision, RevisionKind
from engage.responses.rules import DRAFT_LIFE, RECEIPT_LENGTH, received_hour
from engage.responses.storing import store
from engage.responses.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole, valid response, and the ticket of the form it was written on."""

    consultation_id: int
    ticket: Ticket
    answers: Mapping[str, Any]
    area_code: str
    channel: Channel = Channel.WEB
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the respondent keeps. `fresh` is False where the form had been sent before."""

    code: str
    response_id: int
    fresh: bool


def submit(session: Session, *, submission: Submission, now: datetime) -> Receipt:
    """Store a response once, with its link's count, and return its receipt.

    The same form sent again stores nothing more, and the receipt is the same; sent again with other answers
    it becomes the next revision of the same response. Raises `Refused` once the consultation is closed.
    """
    ticket = submission.ticket
    code = receipt_code(ticket)
    values = {
        "consultation_id": submission.consultation_id,
        "instrument_id": ticket.instrument_id,
        "version_id": ticket.version_id,
        "channel": submission.channel,
        "area_code": submission.area_code,
        "group_id": ticket.group_id or None,
        "received_at": received_hour(now),
        "submission_key": receipt_hash(code),
        "synthetic": submission.synthetic,
        "answers": submission.answers,
        "now": now,
        "began": ticket.began_at,
    }
    response_id = store(session.connection(), values)
    if response_id is None:
        return _sent_before(session, submission, code)
    if ticket.link_id:
        count_submission(session, ticket.link_id)
    return Receipt(code, response_id, fresh=True)


def receipt_code(ticket: Ticket) -> str:
    """Return the receipt code of a form: the same however often it is sent, known to its holder only."""
    return code_from(keyed_hash(ticket.nonce, "receipt"), RECEIPT_LENGTH)


def receipt_hash(code: str) -> bytes:
    """Return what is stored of a receipt code."""
    return keyed_hash(code, "receipt-hash")


def submission_key(ticket: Ticket) -> bytes:
    """Return what makes a form one response, however often it is sent."""
    return receipt_hash(receipt_code(ticket))


def add_equality(session: Session, *, response_id: int, equality: Mapping[str, Any]) -> None:
    """Add the optional equality answers to a stored response, as its next revision."""
    latest = _lock_latest(session, response_id)
    if latest.answers is not None and latest.equality != equality:
        _revise(session, latest, RevisionKind.EQUALITY, latest.answers, equality)


def keep_draft(
    session: Session, *, ticket: Ticket, page: str, fields: Mapping[str, list[str]], now: datetime
) -> None:
    """Keep the fields of one page of a form on its way; pages kept before stay."""
    draft = session.get(Draft, ticket.key, with_for_update=True)
    if draft is None:
        draft = Draft(
            key=ticket.key,
            instrument_id=ticket.instrument_id,
            version_id=ticket.version_id,
            link_id=ticket.link_id or None,
            rotation=ticket.rotation,
            began_at=ticket.began_at,
            answers={},
            touched_at=now,
        )
        session.add(draft)
    draft.answers = {**draft.answers, page: dict(fields)}
    draft.touched_at = now
    session.flush()


def forget_draft(session: Session, ticket: Ticket) -> None:
    """Delete the draft of a form, if it has one."""
    session.execute(delete(Draft).where(Draft.key == ticket.key))


def forget_stale_drafts(session: Session, now: datetime) -> None:
    """Delete the drafts nobody has touched for a day."""
    session.execute(delete(Draft).where(Draft.touched_at < now - DRAFT_LIFE))


_INSERT_REVISION = insert(ResponseRevision)


def _sent_before(session: Session, submission: Submission, code: str) -> Receipt:
    """Return the receipt of a form that was stored already; raise `Refused` where it was not."""
    response_id = session.execute(
        select(Response.id).where(Response.submission_key == receipt_hash(code))
    ).scalar_one_or_none()
    if response_id is None:
        raise Refused(lazy("This consultation is closed, so we could not take your answers."))
    latest = _lock_latest(session, response_id)
    if latest.answers is not None and latest.answers != submission.answers and _is_open(session, submission):
        _revise(session, latest, RevisionKind.CORRECTED, submission.answers, latest.equality)
        session.execute(
            update(Response).where(Response.id == response_id).values(area_code=submission.area_code)
        )
    return Receipt(code, response_id, fresh=False)


def _is_open(session: Session, submission: Submission) -> bool:
    state = session.execute(
        select(Consultation.state).where(Consultation.id == submission.consultation_id)
    ).scalar_one()
    return state is State.OPEN


def _lock_latest(session: Session, response_id: int) -> ResponseRevision:
    """Return the revision that counts, holding the response until the transaction ends."""
    session.execute(select(Response.id).where(Response.id == response_id).with_for_update())
    return session.execute(
        select(ResponseRevision)
        .where(ResponseRevision.response_id == response_id)
        .order_by(ResponseRevision.number.desc())
        .limit(1)
    ).scalar_one()


def _revise(
    session: Session,
    latest: ResponseRevision,
    kind: RevisionKind,
    answers: Mapping[str, Any],
    equality: Mapping[str, Any] | None,
) -> None:
    session.execute(
        _INSERT_REVISION,
        {
            "response_id": latest.response_id,
            "number": latest.number + 1,
            "kind": kind,
            "answers": answers,
            "equality": equality,
        },
    )
