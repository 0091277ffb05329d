"""Consultations and their instruments, to read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.consultations.rules import Facts, State
from engage.questionnaires.models import PriorityFramework, Questionnaire, QuestionnaireVersion
from engage.timetable.details import EntryDetails
from engage.timetable.models import Entry
from engage.timetable.rules import closing_said

# Facts that an entry states itself, under the same names.
_STATED = frozenset(field.name for field in fields(Facts)) - {"opening_at", "instruments"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A consultation as the officers' list shows it."""

    id: int
    slug: str
    title: str
    state: State
    opens_at: datetime
    closes_at: datetime
    instruments: int
    synthetic: bool

    @property
    def last_day(self) -> date | datetime:
        """What people are told of its closing."""
        return closing_said(self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An instrument with the questionnaire and the version that it gives out."""

    id: int
    code: str
    title: str
    summary: str
    position: int
    version_id: int
    questionnaire: str
    version: int


def get_consultation(session: Session, slug: str) -> Consultation:
    """Return the consultation called `slug`; raises `NoResultFound`."""
    return session.scalars(select(Consultation).where(Consultation.slug == slug)).one()


def find_consultation(session: Session, slug: str) -> Consultation | None:
    """Return the consultation called `slug`, or None."""
    return session.scalars(select(Consultation).where(Consultation.slug == slug)).one_or_none()


def get_consultation_by_id(session: Session, consultation_id: int) -> Consultation:
    """Return the consultation with this id; raises `NoResultFound`."""
    return session.scalars(select(Consultation).where(Consultation.id == consultation_id)).one()


def list_consultations(session: Session) -> list[Line]:
    """Return every consultation, the last to open first."""
    how_many = (
        select(func.count(Instrument.id))
        .where(Instrument.consultation_id == Consultation.id)
        .scalar_subquery()
    )
    statement = (
        select(Consultation, Entry.title, Entry.opens_at, how_many)
        .join(Entry, Entry.id == Consultation.entry_id)
        .order_by(Entry.opens_at.desc(), Consultation.id.desc())
    )
    return [
        Line(
            id=consultation.id,
            slug=consultation.slug,
            title=title,
            state=consultation.state,
            opens_at=consultation.opened_at or opens_at,
            closes_at=consultation.closes_at,
            instruments=count,
            synthetic=consultation.synthetic,
        )
        for consultation, title, opens_at, count in session.execute(statement)
    ]


def entries_without_consultation(session: Session) -> list[Entry]:
    """Return the entries to be run here that no consultation runs yet, first to open first."""
    statement = (
        select(Entry)
        .outerjoin(Consultation, Consultation.entry_id == Entry.id)
        .where(Entry.run_here, Consultation.id.is_(None))
        .order_by(Entry.opens_at, Entry.id)
    )
    return list(session.scalars(statement))


def instruments(session: Session, consultation_id: int) -> list[Instrument]:
    """Return the consultation's instruments in the order in which they are offered."""
    statement = (
        select(Instrument)
        .where(Instrument.consultation_id == consultation_id)
        .order_by(Instrument.position, Instrument.id)
    )
    return list(session.scalars(statement))


def asked(session: Session, consultation_id: int) -> list[Asked]:
    """Return the consultation's instruments in their order, each with its questionnaire and version."""
    statement = (
        select(Instrument, Questionnaire.title, QuestionnaireVersion.number)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Instrument.version_id)
        .join(Questionnaire, Questionnaire.id == QuestionnaireVersion.questionnaire_id)
        .where(Instrument.consultation_id == consultation_id)
        .order_by(Instrument.position, Instrument.id)
    )
    return [
        Asked(
            id=instrument.id,
            code=instrument.code,
            title=instrument.title,
            summary=instrument.summary,
            position=instrument.position,
            version_id=instrument.version_id,
            questionnaire=questionnaire,
            version=number,
        )
        for instrument, questionnaire, number in session.execute(statement)
    ]


def frameworks(session: Session) -> list[PriorityFramework]:
    """Return the priority frameworks, the newest plan year first."""
    statement = select(PriorityFramework).order_by(
        PriorityFramework.plan_year.desc(), PriorityFramework.id.desc()
    )
    return list(session.scalars(statement))


def due_to_close(session: Session, now: datetime) -> list[Consultation]:
    """Return the consultations still called open at or after their closing, longest overdue first."""
    statement = (
        select(Consultation)
        .where(Consultation.state == State.OPEN, Consultation.closes_at <= now)
        .order_by(Consultation.closes_at, Consultation.id)
    )
    return list(session.scalars(statement))


def facts(entry: Entry | EntryDetails, *, instruments: int, opening_at: datetime) -> Facts:
    """Return what opening the consultation of `entry` at `opening_at` is decided on."""
    stated = {name: getattr(entry, name) for name in _STATED}
    return Facts(**stated, instruments=instruments, opening_at=opening_at)
