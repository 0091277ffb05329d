"""Reads of taking part: what is offered, drafts on their way, responses by receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Result, exists, func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Extension, Instrument
from engage.consultations.rules import State, has_reached, is_open
from engage.distribution.models import Link
from engage.groups.models import Group
from engage.responses.drafts import invitation_of
from engage.responses.models import Contact, Draft, Response, ResponseRevision
from engage.responses.progress import Pages
from engage.responses.tickets import Ticket, ticket_again
from engage.timetable.models import Entry
from engage.timetable.rules import closing_said


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
    closed_at: datetime | None
    grace_ends_at: datetime
    children_may_answer: bool
    extended: bool

    @property
    def last_day(self) -> date | datetime:
        """What people are told of the closing."""
        return closing_said(self.closes_at)

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered at `now`."""
        return is_open(self.state, self.closes_at, now)

    def takes(self, began: datetime, now: datetime) -> bool:
        """Whether a form given out at `began` can be sent at `now`: while it is open, or in the grace."""
        if self.is_open(now):
            return True
        in_time = began < (self.closed_at or self.closes_at) and now < self.grace_ends_at
        return in_time and self.state in (State.OPEN, State.CLOSED)

    def grace_for(self, began: datetime, now: datetime) -> datetime | None:
        """Until when a form given out at `began` can still be sent after the closing; None before it."""
        return self.grace_ends_at if not self.is_open(now) and self.takes(began, now) else None


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response as its own author may read it back. `answers` is None once withdrawn."""

    id: int
    instrument_id: int
    version_id: int
    slug: str
    code: str
    title: str
    state: State
    closes_at: datetime
    answers: Mapping[str, Any] | None
    equality: Mapping[str, Any] | None

    @property
    def last_day(self) -> date | datetime:
        """What people are told of the closing."""
        return closing_said(self.closes_at)

    @property
    def withdrawn(self) -> bool:
        """Whether it counts no more."""
        return self.answers is None

    @property
    def fed_back(self) -> bool:
        """Whether its author can read what came of the consultation."""
        return self.state is State.FED_BACK

    def may_change(self, now: datetime) -> bool:
        """Whether its author can begin to change it at `now`."""
        return not self.withdrawn and is_open(self.state, self.closes_at, now)

    @property
    def may_withdraw(self) -> bool:
        """Whether its author can withdraw it: until the answers have been counted and the count is used."""
        return not self.withdrawn and not has_reached(self.state, State.ANALYSED)


@dataclass(frozen=True, slots=True)
class Saved:
    """A form on its way to which a return code leads: its ticket, and where it is answered."""

    ticket: Ticket
    slug: str
    code: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """A link somebody may come by; no group is the authority's own, no area a London-wide group's."""

    link_id: int
    group_id: int | None
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
            Consultation.closed_at,
            Consultation.grace_ends_at,
            Consultation.children_may_answer,
            exists().where(Extension.consultation_id == Consultation.id),
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


def is_saved(session: Session, key: bytes) -> bool:
    """Tell whether a return code leads to the draft of a form."""
    saved = select(Draft.key).where(Draft.key == key, Draft.return_hash.is_not(None))
    return session.execute(saved).first() is not None


def find_saved(session: Session, return_hash: bytes) -> Saved | None:
    """Return the form to which the return code with this hash leads, or None."""
    row = session.execute(
        select(Draft, Link.group_id, Consultation.slug, Instrument.code)
        .join(Instrument, Instrument.id == Draft.instrument_id)
        .join(Consultation, Consultation.id == Instrument.consultation_id)
        .outerjoin(Link, Link.id == Draft.link_id)
        .where(Draft.return_hash == return_hash)
    ).one_or_none()
    if row is None:
        return None
    draft, group_id, slug, code = row
    assert draft.nonce is not None
    ticket = ticket_again(
        instrument_id=draft.instrument_id,
        version_id=draft.version_id,
        link_id=draft.link_id or 0,
        group_id=group_id or 0,
        rotation=draft.rotation,
        began_at=draft.began_at,
        nonce=draft.nonce,
        invitation=invitation_of(draft),
    )
    return Saved(ticket, slug, code)


def find_by_receipt(session: Session, receipt_hash: bytes) -> StoredResponse | None:
    """Return the response with this hashed receipt code as it stands now, or None."""
    # More columns than the types of `select` can tell.
    rows: Result[*tuple[Any, ...]] = session.execute(
        select(
            Response.id,
            Response.instrument_id,
            Response.version_id,
            Consultation.slug,
            Instrument.code,
            Consultation.title,
            Consultation.state,
            Consultation.closes_at,
            ResponseRevision.answers,
            ResponseRevision.equality,
        )
        .join(ResponseRevision, ResponseRevision.response_id == Response.id)
        .join(Consultation, Consultation.id == Response.consultation_id)
        .join(Instrument, Instrument.id == Response.instrument_id)
        .where(Response.submission_key == receipt_hash)
        .order_by(ResponseRevision.number.desc())
        .limit(1)
    )
    row = rows.one_or_none()
    return StoredResponse(*row) if row else None


def late_count(session: Session, consultation_id: int) -> int:
    """Return how many responses were begun before the closing and sent within the grace after it."""
    late = select(func.count()).where(Response.consultation_id == consultation_id, Response.late)
    return session.execute(late.select_from(Response)).scalar_one()


def response_counts(session: Session) -> dict[int, int]:
    """Return how many responses each consultation has received; consultations without one are absent."""
    rows = session.execute(select(Response.consultation_id, func.count()).group_by(Response.consultation_id))
    return dict(iter(rows))


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
        .outerjoin(Group, Group.id == Link.group_id)
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
