"""An invitation, as whoever holds its secret meets it; and whom a round is to be mailed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Result, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import State, is_open
from engage.distribution.models import Panel, PanelInvitation, Panellist, PanelRound
from engage.timetable.rules import closing_said


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation leads to, for whoever holds its secret."""

    panel: str
    instrument_id: int
    code: str
    form: str
    slug: str
    title: str
    state: State
    closes_at: datetime
    answered: bool

    @property
    def last_day(self) -> date | datetime:
        """What people are told of the closing."""
        return closing_said(self.closes_at)

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered at `now`."""
        return is_open(self.state, self.closes_at, now)


@dataclass(frozen=True, slots=True)
class Addressed:
    """An invitation that is to be mailed."""

    invitation_id: UUID
    panellist_id: UUID
    address: str


def find_invitation(session: Session, token_hash: bytes) -> Invited | None:
    """Return what the invitation with this hash leads to, or None."""
    chosen = (
        select(
            Panel.name,
            Instrument.id,
            Instrument.code,
            Instrument.title,
            Consultation.slug,
            Consultation.title,
            Consultation.state,
            Consultation.closes_at,
            PanelInvitation.answered,
        )
        .join(PanelRound, PanelRound.id == PanelInvitation.round_id)
        .join(Panel, Panel.id == PanelRound.panel_id)
        .join(Instrument, Instrument.id == PanelRound.instrument_id)
        .join(Consultation, Consultation.id == PanelRound.consultation_id)
        .where(PanelInvitation.token_hash == token_hash)
    )
    # More columns than the types of `select` can tell.
    rows: Result[*tuple[Any, ...]] = session.execute(chosen)
    row = rows.one_or_none()
    return Invited(*row) if row else None


def is_unused(session: Session, *, token_hash: bytes, instrument_id: int) -> bool:
    """Tell whether an invitation to answer this instrument can still be used."""
    unused = (
        select(PanelInvitation.id)
        .join(PanelRound, PanelRound.id == PanelInvitation.round_id)
        .where(PanelInvitation.token_hash == token_hash, PanelInvitation.answered.is_(False))
        .where(PanelRound.instrument_id == instrument_id)
    )
    return session.execute(unused).first() is not None


def to_be_mailed(
    session: Session, *, round_id: int, reminding: bool, after: UUID | None, limit: int
) -> list[Addressed]:
    """Return the next invitations of a round in the order of their random keys, without those who left.

    `reminding`: those that are to be reminded, and have not been used meanwhile.
    """
    chosen = (
        select(PanelInvitation.id, Panellist.id, Panellist.address)
        .join(Panellist, Panellist.id == PanelInvitation.panellist_id)
        .where(PanelInvitation.round_id == round_id)
    )
    if reminding:
        chosen = chosen.where(PanelInvitation.reminded_on.is_not(None), PanelInvitation.answered.is_(False))
    if after is not None:
        chosen = chosen.where(PanelInvitation.id > after)
    rows = session.execute(chosen.order_by(PanelInvitation.id).limit(limit))
    return [Addressed(*row) for row in rows]


def lately_reminded(session: Session, since: datetime) -> list[PanelRound]:
    """Return the rounds whose reminders were sent since then, by their key."""
    chosen = select(PanelRound).where(PanelRound.reminded_at >= since).order_by(PanelRound.id)
    return list(session.scalars(chosen))


def answered_of(session: Session, round_id: int) -> list[tuple[UUID, UUID]]:
    """Return the reminded invitations of a round that have been used, each with whom it was for."""
    chosen = (
        select(PanelInvitation.id, PanelInvitation.panellist_id)
        .where(PanelInvitation.round_id == round_id, PanelInvitation.answered.is_(True))
        .where(PanelInvitation.reminded_on.is_not(None), PanelInvitation.panellist_id.is_not(None))
        .order_by(PanelInvitation.id)
    )
    return [(which, who) for which, who in session.execute(chosen) if who]


def over(session: Session, now: datetime, since: datetime) -> list[PanelRound]:
    """Return the rounds whose consultation was to close since then and is closed, by their key."""
    chosen = (
        select(PanelRound)
        .join(Consultation, Consultation.id == PanelRound.consultation_id)
        .where(Consultation.closes_at >= since)
        .where((Consultation.state != State.OPEN) | (Consultation.closes_at <= now))
        .order_by(PanelRound.id)
    )
    return list(session.scalars(chosen))
