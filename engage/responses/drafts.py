"""Verbs of drafts: forms of several pages on their way, apart from responses and never counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import State
from engage.foundations.database import is_sqlite
from engage.foundations.tokens import code_from, keyed_hash
from engage.responses.models import Draft
from engage.responses.rules import DRAFT_LIFE, RETURN_LENGTH
from engage.responses.tickets import Ticket

# Once a consultation is here, nobody finishes a form of it.
OVER = (State.ANALYSED, State.DECIDED, State.FED_BACK)


def hold_draft(session: Session, ticket: Ticket) -> Draft | None:
    """Return the draft of a form, for nobody else to change until the transaction ends; None without one."""
    held = select(Draft).where(Draft.key == ticket.key).with_for_update()
    return session.scalars(held, execution_options={"populate_existing": True}).one_or_none()


def keep_draft(
    session: Session,
    *,
    ticket: Ticket,
    held: Draft | None,
    page: str,
    fields: Mapping[str, list[str]],
    now: datetime,
) -> None:
    """Keep the fields of one page of a form on its way; pages kept before stay.

    `held` is what `hold_draft` found.
    """
    if held is None and _begin(session, ticket, {page: dict(fields)}, now):
        return
    # Somebody who pressed twice at once may have begun it a moment ago.
    draft = held or session.get_one(Draft, ticket.key, with_for_update=True)
    draft.answers = {**draft.answers, page: dict(fields)}
    draft.touched_at = now
    session.flush()


def keep_for_return(session: Session, *, ticket: Ticket) -> str:
    """Keep the draft of a form until its consultation is over, and return the code that leads back to it.

    Asking again returns the same code. Of the code only a keyed hash is kept, and of an invitation nothing
    that leads to it without the installation's key.
    """
    code = return_code(ticket)
    held = bytes.fromhex(ticket.invitation)
    values = {
        "return_hash": return_hash(code),
        "nonce": ticket.nonce,
        "invitation_hash": _masked(held, ticket.nonce) if held else None,
    }
    session.execute(update(Draft).where(Draft.key == ticket.key).values(values))
    return code


def return_code(ticket: Ticket) -> str:
    """Return the code that leads back to a form, once its draft is kept for it; only its holder knows it."""
    return code_from(keyed_hash(ticket.nonce, "return"), RETURN_LENGTH)


def return_hash(code: str) -> bytes:
    """Return what is stored of a return code."""
    return keyed_hash(code, "return-hash")


def invitation_of(draft: Draft) -> str:
    """Return the invitation that a saved form was begun by, as its ticket carries it; empty without one."""
    if draft.invitation_hash is None or draft.nonce is None:
        return ""
    return _masked(draft.invitation_hash, draft.nonce).hex()


def _masked(invitation: bytes, nonce: str) -> bytes:
    """Return an invitation's hash so that only we read it, and back again: each form has a mask of its own.

    As it stands, it would say of what somebody wrote so far whom it is from.
    """
    mask = keyed_hash(nonce, "invitation of a draft")
    return bytes(ours ^ theirs for ours, theirs in zip(invitation, mask, strict=True))


def forget_draft(session: Session, ticket: Ticket) -> None:
    """Delete the draft of a form, if it has one."""
    session.execute(delete(Draft).where(Draft.key == ticket.key))


def give_up_draft(session: Session, ticket: Ticket) -> None:
    """Delete the draft of a form that this browser leaves behind, unless a return code leads back to it."""
    session.execute(delete(Draft).where(Draft.key == ticket.key, Draft.return_hash.is_(None)))


def forget_stale_drafts(session: Session, now: datetime) -> None:
    """Delete the drafts nobody has touched for a day or can send any more.

    Those with a return code stay until the grace after the closing of their consultation has passed.
    """
    over = (
        select(Instrument.id)
        .join(Consultation, Consultation.id == Instrument.consultation_id)
        .where(or_(Consultation.grace_ends_at <= now, Consultation.state.in_(OVER)))
    )
    untouched = Draft.return_hash.is_(None) & (Draft.touched_at < now - DRAFT_LIFE)
    stale = delete(Draft).where(or_(untouched, Draft.instrument_id.in_(over)))
    session.execute(stale, execution_options={"synchronize_session": False})


def _begin(session: Session, ticket: Ticket, answers: dict[str, Any], now: datetime) -> bool:
    """Write the draft of a form; False, and nothing written, where it is there already."""
    kind = sqlite if is_sqlite(session) else postgresql
    values = {
        "key": ticket.key,
        "instrument_id": ticket.instrument_id,
        "version_id": ticket.version_id,
        "link_id": ticket.link_id or None,
        "rotation": ticket.rotation,
        "began_at": ticket.began_at,
        "answers": answers,
        "touched_at": now,
    }
    new = kind.insert(Draft).values(values).on_conflict_do_nothing().returning(Draft.key)
    return session.execute(new).first() is not None
