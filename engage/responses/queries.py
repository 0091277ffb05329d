"""Reads of taking part: what is offered, drafts on their way, responses by receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import State, is_open
from engage.responses.models import Draft, Response, ResponseRevision

Pages: TypeAlias = Mapping[str, Mapping[str, list[str]]]
"""The fields of a form, by page code and field name."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An instrument of a consultation, as somebody meets it who wants to take part."""

    consultation_id: int
    slug: str
    title: str
    state: State
    closes_at: datetime
    synthetic: bool
    instrument_id: int
    code: str
    name: str
    summary: str
    version_id: int

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered at `now`."""
        return is_open(self.state, self.closes_at, now)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response as its own author may read it back. `answers` is None once withdrawn."""

    id: int
    consultation_id: int
    version_id: int
    answers: Mapping[str, Any] | None
    equality: Mapping[str, Any] | None


def offers(session: Session, slug: str) -> list[Offer]:
    """Return the instruments of the consultation called `slug`, in order; empty where there is none."""
    rows = session.execute(
        select(
            Consultation.id,
            Consultation.slug,
            Consultation.title,
            Consultation.state,
            Consultation.closes_at,
            Consultation.synthetic,
            Instrument.id,
            Instrument.code,
            Instrument.title,
            Instrument.summary,
            Instrument.version_id,
        )
        .join(Instrument, Instrument.consultation_id == Consultation.id)
        .where(Consultation.slug == slug)
        .order_by(Instrument.position)
    )
    return [Offer(*row) for row in rows]


def find_draft(session: Session, key: bytes) -> Pages | None:
    """Return the fields of a draft by page and name, or None."""
    return session.execute(select(Draft.answers).where(Draft.key == key)).scalar_one_or_none()


def find_by_receipt(session: Session, receipt_hash: bytes) -> StoredResponse | None:
    """Return the response with this hashed receipt code as it stands now, or None."""
    row = session.execute(
        select(
            Response.id,
            Response.consultation_id,
            Response.version_id,
            ResponseRevision.answers,
            ResponseRevision.equality,
        )
        .join(ResponseRevision, ResponseRevision.response_id == Response.id)
        .where(Response.receipt_hash == receipt_hash)
        .order_by(ResponseRevision.number.desc())
        .limit(1)
    ).one_or_none()
    return StoredResponse(*row) if row else None


def response_counts(session: Session) -> dict[int, int]:
    """Return how many responses each consultation has received; consultations without one are absent."""
    rows = session.execute(select(Response.consultation_id, func.count()).group_by(Response.consultation_id))
    return dict(row._tuple() for row in rows)


def get_title(session: Session, consultation_id: int) -> str:
    """Return the title of a consultation."""
    return session.execute(select(Consultation.title).where(Consultation.id == consultation_id)).scalar_one()
