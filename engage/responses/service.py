"""Verbs of taking part: submit once, change what was sent, withdraw it, add equality answers.

Submitting is the hot path of the platform; its statements are in `storing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State, has_reached
from engage.distribution.counting import NOTHING_YET, Met, count_submission
from engage.distribution.panels.rounds import use_invitation
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.foundations.tokens import code_from, keyed_hash
from engage.responses.models import Channel, Response, ResponseRevision, RevisionKind
from engage.responses.rules import RECEIPT_LENGTH, received_hour
from engage.responses.storing import store, taken_late
from engage.responses.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole, valid response, and the ticket of the form it was written on.

    `met`: how far its author had been counted on the way here by a link.
    """

    consultation_id: int
    ticket: Ticket
    answers: Mapping[str, Any]
    area_code: str
    channel: Channel = Channel.WEB
    synthetic: bool = False
    met: Met = NOTHING_YET


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the respondent keeps. `fresh` is False where the form had been sent before.

    `code` is empty for a form that changed a response: whoever sent it has the code, and we have not.
    """

    code: str
    response_id: int
    fresh: bool


def submit(session: Session, *, submission: Submission, now: datetime) -> Receipt:
    """Store a response once, with its link's count, and return its receipt.

    The same form sent again stores nothing more, and the receipt is the same; sent again with other answers
    it becomes the next revision of the same response, as does a form that changes one. Raises `Refused` once
    the consultation is closed and, for a form begun before that, its grace is over; and where another form
    has used the invitation it came by. Whoever is refused undoes the transaction.
    """
    ticket = submission.ticket
    if ticket.changes:
        return _again(session, submission, "", now)
    code = receipt_code(ticket)
    values = {
        "consultation_id": submission.consultation_id,
        "instrument_id": ticket.instrument_id,
        "version_id": ticket.version_id,
        "channel": Channel.PANEL if ticket.invitation else submission.channel,
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
        return _again(session, submission, code, now)
    if ticket.invitation and not use_invitation(session, bytes.fromhex(ticket.invitation)):
        raise Refused(INVITATION_USED)
    if ticket.link_id:
        count_submission(session, ticket.link_id, submission.met)
    return Receipt(code, response_id, fresh=True)


def receipt_code(ticket: Ticket) -> str:
    """Return the receipt code of a form: the same however often it is sent, known to its holder only."""
    return code_from(keyed_hash(ticket.nonce, "receipt"), RECEIPT_LENGTH)


def receipt_hash(code: str) -> bytes:
    """Return what is stored of a receipt code."""
    return keyed_hash(code, "receipt-hash")


def submission_key(ticket: Ticket) -> bytes:
    """Return what makes a form one response, however often it is sent."""
    return ticket.changes or receipt_hash(receipt_code(ticket))


def add_equality(session: Session, *, response_id: int, equality: Mapping[str, Any]) -> None:
    """Add the optional equality answers to a stored response, as its next revision."""
    latest = _lock_latest(session, response_id)
    if latest.answers is not None and latest.equality != equality:
        _revise(session, latest, RevisionKind.EQUALITY, latest.answers, equality)


def withdraw(session: Session, *, response_id: int) -> None:
    """Let a response count no more; what was counted before stays known. Doing it again changes nothing.

    Possible also after the closing, until the answers have been counted and the count is used: then it
    raises `Refused`, because what is published and decided on would no longer be what was counted.
    """
    state = session.execute(
        select(Consultation.state)
        .join(Response, Response.consultation_id == Consultation.id)
        .where(Response.id == response_id)
        # Held, so that nobody calls it analysed before this is stored.
        .with_for_update(read=True, of=Consultation)
    ).scalar_one()
    latest = _lock_latest(session, response_id)
    if latest.answers is None:
        return
    if has_reached(state, State.ANALYSED):
        raise Refused(COUNTED)
    _revise(session, latest, RevisionKind.WITHDRAWN, None, None)


_INSERT_REVISION = insert(ResponseRevision)

CLOSED = lazy("This consultation is closed, so we could not take your answers.")
CLOSED_TO_CHANGES = lazy("This consultation is closed, so your answers stay as you sent them before.")
INVITATION_USED = lazy(
    "This invitation has been used already. It is good for one response, so we could not take these answers. "
    "You can take part without it, from the page of the consultation."
)
WITHDRAWN = lazy("You withdrew these answers, so they cannot be sent again. You can begin a new form.")
COUNTED = lazy("The answers have been counted, and the count is being used, so they cannot be withdrawn.")


def _again(session: Session, submission: Submission, code: str, now: datetime) -> Receipt:
    """Return the receipt of a form whose response is stored, with what it says now as the next revision.

    Raises `Refused` where there is no such response, it was withdrawn, or nothing is taken any more.
    """
    response_id = session.execute(
        select(Response.id).where(Response.submission_key == submission_key(submission.ticket))
    ).scalar_one_or_none()
    if response_id is None:
        raise Refused(CLOSED)
    latest = _lock_latest(session, response_id)
    if latest.answers is None:
        raise Refused(WITHDRAWN)
    if latest.answers != submission.answers:
        _correct(session, latest, submission, now)
    return Receipt(code, response_id, fresh=False)


def _correct(session: Session, latest: ResponseRevision, submission: Submission, now: datetime) -> None:
    """Write other answers down as the next revision. One sent within the grace makes the response late."""
    late = taken_late(
        session, consultation_id=submission.consultation_id, began=submission.ticket.began_at, now=now
    )
    if late is None:
        raise Refused(CLOSED_TO_CHANGES)
    _revise(session, latest, RevisionKind.CORRECTED, submission.answers, latest.equality)
    values: dict[str, Any] = {"area_code": submission.area_code} | ({"late": True} if late else {})
    session.execute(update(Response).where(Response.id == latest.response_id).values(values))


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
    answers: Mapping[str, Any] | None,
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
