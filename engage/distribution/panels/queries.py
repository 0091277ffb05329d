"""Panels, to read. Nothing here tells who has answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from engage.boroughs.models import Area
from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import State, is_open
from engage.distribution.models import Panel, PanelInvitation, Panellist, PanelRound
from engage.distribution.panels.rules import YEAR, Candidate
from engage.foundations.lists import nearest
from engage.outbox.models import BouncedAddress
from engage.timetable.rules import closing_said

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel in the list. `people` said yes, `waiting` have not said it yet."""

    panel: Panel
    people: int
    waiting: int
    rounds: int
    last_asked: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a panel, with how often they were asked; never whether they answered."""

    id: UUID
    address: str
    area: str | None
    asked_to_join_on: date
    consented_on: date | None
    asked_lately: int
    asked: int
    last_asked: date | None
    bounced: bool


@dataclass(frozen=True, slots=True)
class People:
    """One page of a panel's people; `number` counts pages from 1."""

    lines: list[Person]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Choice:
    """An instrument that can be answered now."""

    instrument_id: int
    consultation_id: int
    slug: str
    title: str
    instrument: str
    closes_at: datetime

    @property
    def last_day(self) -> date | datetime:
        """What people are told of the closing."""
        return closing_said(self.closes_at)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round with its counts. `answered` is for the eyes of whoever withholds it where it is small."""

    round: PanelRound
    slug: str
    title: str
    instrument: str
    state: State
    closes_at: datetime
    asked: int
    reminded: int
    answered: int
    bounced: int

    @property
    def last_day(self) -> date | datetime:
        """What people are told of the closing."""
        return closing_said(self.closes_at)

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered at `now`."""
        return is_open(self.state, self.closes_at, now)


def list_panels(session: Session) -> list[PanelLine]:
    """Return every panel by name, those that ended last."""
    people = _count(Panellist, Panellist.consented_on.is_not(None))
    waiting = _count(Panellist, Panellist.consented_on.is_(None))
    rounds = _count(PanelRound)
    last = select(func.max(PanelRound.drawn_at)).where(PanelRound.panel_id == Panel.id).scalar_subquery()
    rows = session.execute(
        select(Panel, people, waiting, rounds, last).order_by(
            Panel.ended_on.is_not(None), Panel.name, Panel.id
        )
    )
    return [PanelLine(*row) for row in rows]


def get_panel(session: Session, code: str) -> Panel:
    """Return the panel called `code`; raises `NoResultFound`."""
    return session.scalars(select(Panel).where(Panel.code == code)).one()


def count_people(session: Session, panel_id: int) -> tuple[int, int]:
    """Return how many people of a panel said yes, and how many have not said it yet."""
    of_panel = select(func.count(Panellist.consented_on), func.count()).where(Panellist.panel_id == panel_id)
    yes, everybody = session.execute(of_panel).one()
    return yes, everybody - yes


def list_people(session: Session, panel_id: int, *, page: int, today: date) -> People:
    """Return a page of a panel's people by address; beyond the last page is the last."""
    of_panel = select(func.count()).select_from(Panellist).where(Panellist.panel_id == panel_id)
    total = session.scalar(of_panel) or 0
    number, pages = nearest(page, total, PER_PAGE)
    bounced = exists().where(BouncedAddress.address == Panellist.address)
    chosen = (
        select(
            Panellist.id,
            Panellist.address,
            Area.name,
            Panellist.asked_to_join_on,
            Panellist.consented_on,
            _asked_lately(today),
            func.count(PanelInvitation.id),
            func.max(PanelInvitation.asked_on),
            bounced,
        )
        .outerjoin(Area, Area.code == Panellist.area_code)
        .outerjoin(PanelInvitation, PanelInvitation.panellist_id == Panellist.id)
        .where(Panellist.panel_id == panel_id)
        .group_by(Panellist.id, Area.code)
        .order_by(Panellist.address)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return People([Person(*row) for row in session.execute(chosen)], number, pages, total)


def find_panellist(session: Session, panellist_id: UUID) -> tuple[Panellist, Panel] | None:
    """Return somebody on a panel, or asked to join it, with the panel; None once they are gone."""
    chosen = (
        select(Panellist, Panel)
        .join(Panel, Panel.id == Panellist.panel_id)
        .where(Panellist.id == panellist_id)
    )
    row = session.execute(chosen).one_or_none()
    return (row[0], row[1]) if row else None


def candidates(session: Session, *, panel_id: int, consultation_id: int, today: date) -> list[Candidate]:
    """Return who of a panel could be asked in a consultation, by key, with how often they were.

    Without those who have not said yes, whose mail comes back, or whose address has an invitation to the
    consultation already, by this panel or another.
    """
    other = aliased(Panellist)
    invited = (
        select(other.address)
        .join(PanelInvitation, PanelInvitation.panellist_id == other.id)
        .where(PanelInvitation.consultation_id == consultation_id)
    )
    chosen = (
        select(
            Panellist.id,
            Panellist.area_code,
            _asked_lately(today),
            func.max(PanelInvitation.asked_on),
        )
        .outerjoin(PanelInvitation, PanelInvitation.panellist_id == Panellist.id)
        .where(Panellist.panel_id == panel_id, Panellist.consented_on.is_not(None))
        .where(Panellist.address.not_in(invited), Panellist.address.not_in(select(BouncedAddress.address)))
        .group_by(Panellist.id)
        .order_by(Panellist.id)
    )
    return [Candidate(*row) for row in session.execute(chosen)]


def last_round(session: Session, panel_id: int) -> PanelRound | None:
    """Return the round of a panel that was drawn last, or None."""
    of_panel = select(PanelRound).where(PanelRound.panel_id == panel_id)
    return session.scalars(of_panel.order_by(PanelRound.id.desc()).limit(1)).one_or_none()


def rounds_of(session: Session, panel_id: int) -> list[RoundLine]:
    """Return the rounds of a panel, the latest first."""
    chosen = _rounds().where(PanelRound.panel_id == panel_id)
    return [RoundLine(*row) for row in session.execute(chosen)]


def get_round(session: Session, *, code: str, round_id: int) -> RoundLine:
    """Return a round of the panel called `code`; raises `NoResultFound`."""
    of_panel = select(Panel.id).where(Panel.code == code).scalar_subquery()
    chosen = _rounds().where(PanelRound.id == round_id, PanelRound.panel_id == of_panel)
    return RoundLine(*session.execute(chosen).one())


def open_instruments(session: Session, now: datetime) -> list[Choice]:
    """Return what can be answered at `now`, what closes first first."""
    rows = session.execute(
        select(
            Instrument.id,
            Consultation.id,
            Consultation.slug,
            Consultation.title,
            Instrument.title,
            Consultation.closes_at,
        )
        .join(Consultation, Consultation.id == Instrument.consultation_id)
        .where(Consultation.state == State.OPEN, Consultation.closes_at > now)
        .order_by(Consultation.closes_at, Consultation.id, Instrument.position)
    )
    return [Choice(*row) for row in rows]


def by_area(session: Session) -> Mapping[str, str]:
    """Return the code of each borough by its name in small letters, and by itself."""
    rows = session.execute(select(Area.code, Area.name).where(Area.residents.is_not(None)))
    return {said.lower(): code for code, name in rows for said in (code, name)}


def _rounds() -> Select[PanelRound, str, str, str, State, datetime, int, int, int, int]:
    bounced = exists().where(
        BouncedAddress.address == Panellist.address, Panellist.id == PanelInvitation.panellist_id
    )
    mine = PanelInvitation.round_id == PanelRound.id
    return select(
        PanelRound,
        Consultation.slug,
        Consultation.title,
        Instrument.title,
        Consultation.state,
        Consultation.closes_at,
        _invitations(mine),
        _invitations(mine, PanelInvitation.reminded_on.is_not(None)),
        _invitations(mine, PanelInvitation.answered.is_(True)),
        _invitations(mine, bounced),
    ).join(Consultation, Consultation.id == PanelRound.consultation_id).join(
        Instrument, Instrument.id == PanelRound.instrument_id
    ).order_by(PanelRound.id.desc())  # fmt: skip


def _invitations(*which: ColumnElement[bool]) -> ColumnElement[int]:
    counting = select(func.count()).select_from(PanelInvitation).where(*which)
    return counting.correlate(PanelRound).scalar_subquery()


def _asked_lately(today: date) -> ColumnElement[int]:
    return func.count(case((PanelInvitation.asked_on > today - YEAR, 1)))


def _count(table: type[Panellist] | type[PanelRound], *which: ColumnElement[bool]) -> ColumnElement[int]:
    counting = select(func.count()).select_from(table).where(table.panel_id == Panel.id, *which)
    return counting.scalar_subquery()
