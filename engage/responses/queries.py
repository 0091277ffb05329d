"""Reads of taking part: what is offered, drafts on their way, responses by receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Result, func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import State, is_open
from engage.distribution.models import Link
from engage.groups.models import Group
from engage.responses.models import Contact, Draft, Response, ResponseRevision
from engage.timetable.models import Entry
from engage.timetable.rules import closing_said

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
    feedback_due_on: date | None

    @property
    def last_day(self) -> date | datetime:
        """What people are told of the closing."""
        return closing_said(self.closes_at)

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


@dataclass(frozen=True, slots=True)
class WayIn:
    """A link somebody may come by; `area_code` None is a London-wide group's."""

    link_id: int
    group_id: int
    area_code: str | None


def offers(session: Session, slug: str) -> list[Offer]:
    """Return the instruments of the consultation called `slug`, in order; empty where there is none."""
    # More columns than the types of `select` can tell.
    rows: Result[*tuple[Any, ...]] = session.execute(
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
            Entry.feedback_due_on,
        )
        .join(Instrument, Instrument.consultation_id == Consultation.id)
        .join(Entry, Entry.id == Consultation.entry_id)
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
        .where(Response.submission_key == receipt_hash)
        .order_by(ResponseRevision.number.desc())
        .limit(1)
    ).one_or_none()
    return StoredResponse(*row) if row else None


def response_counts(session: Session) -> dict[int, int]:
    """Return how many responses each consultation has received; consultations without one are absent."""
    rows = session.execute(select(Response.consultation_id, func.count()).group_by(Response.consultation_id))
    return dict(iter(rows))


def get_title(session: Session, consultation_id: int) -> str:
    """Return the title of a consultation."""
    return session.execute(select(Consultation.title).where(Consultation.id == consultation_id)).scalar_one()


def get_opening(session: Session, consultation_id: int) -> datetime:
    """Return when people could begin to answer; raises NoResultFound for a consultation never opened."""
    opened_at = session.execute(
        select(Consultation.opened_at).where(
            Consultation.id == consultation_id, Consultation.opened_at.is_not(None)
        )
    ).scalar_one()
    assert opened_at is not None
    return opened_at


def has_responses(session: Session, consultation_id: int) -> bool:
    """Tell whether anybody has answered a consultation."""
    answered = select(Response.id).where(Response.consultation_id == consultation_id).limit(1)
    return session.execute(answered).first() is not None


def ways_in(session: Session, consultation_id: int) -> dict[str | None, tuple[WayIn, ...]]:
    """Return the links to a consultation that are still in use, by the area of their group."""
    rows = session.execute(
        select(Link.id, Link.group_id, Group.area_code)
        .join(Group, Group.id == Link.group_id)
        .where(Link.consultation_id == consultation_id, Link.revoked_at.is_(None))
        .order_by(Link.id)
    )
    found: dict[str | None, tuple[WayIn, ...]] = {}
    for row in rows:
        way_in = WayIn(*row)
        found[way_in.area_code] = (*found.get(way_in.area_code, ()), way_in)
    return found


def count_contacts(session: Session, consultation_id: int) -> int:
    """Return how many addresses were left at a consultation, those that unsubscribed since included."""
    left = select(func.count()).select_from(Contact).where(Contact.consultation_id == consultation_id)
    return session.execute(left).scalar_one()
