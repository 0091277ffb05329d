"""Consultations and their instruments, to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engage.consultations.models import Consultation, Extension, Instrument
from engage.consultations.rules import GRACE_MINUTES, Facts, State
from engage.questionnaires.models import PriorityFramework, Questionnaire, QuestionnaireVersion
from engage.timetable.details import EntryDetails
from engage.timetable.models import Entry
from engage.timetable.rules import closing_said

# Facts that an entry states itself, under the same names.
_NOT_STATED = {"opening_at", "instruments", "without_notice", "short_of_notice"}
_STATED = frozenset(field.name for field in fields(Facts)) - _NOT_STATED


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
    """An instrument with the questionnaire and the version it gives out; `newest` is the newest published."""

    id: int
    code: str
    title: str
    summary: str
    position: int
    version_id: int
    questionnaire: str
    questionnaire_code: str
    version: int
    newest: int
    privacy_notice: str

    @property
    def explained(self) -> bool:
        """Whether whoever answers is told what becomes of the answers."""
        return bool(self.privacy_notice.strip())


@dataclass(frozen=True, slots=True)
class PutOff:
    """One extension, as the public reads it: until when it was open before, until when after it, and why."""

    before: date | datetime
    after: date | datetime
    reason: str
    on: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """What the public is told of a closing besides its date. `grace`: minutes for who has begun by then."""

    takes_answers: bool
    grace: int
    extensions: tuple[PutOff, ...]


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
        .where(Entry.run_here, Entry.cancelled_at.is_(None), Consultation.id.is_(None))
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


def get_instrument(session: Session, consultation_id: int, instrument_id: int) -> Instrument:
    """Return an instrument of this consultation, as it is now; raises `NoResultFound`."""
    statement = select(Instrument).where(
        Instrument.consultation_id == consultation_id, Instrument.id == instrument_id
    )
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def asked(session: Session, consultation_id: int) -> list[Asked]:
    """Return the consultation's instruments in their order, each with its questionnaire and version."""
    published = aliased(QuestionnaireVersion)
    newest = (
        select(func.max(published.number))
        .where(published.questionnaire_id == Questionnaire.id, published.published_at.is_not(None))
        .scalar_subquery()
    )
    statement = (
        select(
            Instrument,
            Questionnaire,
            QuestionnaireVersion.number,
            QuestionnaireVersion.privacy_notice,
            newest,
        )
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
            questionnaire=questionnaire.title,
            questionnaire_code=questionnaire.code,
            version=number,
            newest=latest or number,
            privacy_notice=notice,
        )
        for instrument, questionnaire, number, notice, latest in session.execute(statement)
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


def find_closing(session: Session, slug: str) -> Closing | None:
    """Return what the public is told of the closing of the consultation called `slug`; None without one."""
    rows = session.execute(
        select(Consultation.state, Extension)
        .outerjoin(Extension, Extension.consultation_id == Consultation.id)
        .where(Consultation.slug == slug)
        .order_by(Extension.closes_after, Extension.id)
    ).all()
    if not rows:
        return None
    extensions = tuple(
        PutOff(
            closing_said(each.closed_before), closing_said(each.closes_after), each.reason, each.extended_at
        )
        for _, each in rows
        if each is not None
    )
    waiting = rows[0].state in (State.PLANNED, State.ANNOUNCED, State.OPEN)
    return Closing(waiting, GRACE_MINUTES, extensions)


def facts(
    entry: Entry | EntryDetails,
    *,
    asked: Sequence[Asked],
    opening_at: datetime,
    short: tuple[str, ...] | None = None,
) -> Facts:
    """Return what opening the consultation of `entry` with these questionnaires is decided on.

    `short` names the asked groups that would have had less than three months; None where none are asked.
    """
    stated = {name: getattr(entry, name) for name in _STATED}
    unexplained = tuple(each.title for each in asked if not each.explained)
    return Facts(
        **stated,
        instruments=len(asked),
        without_notice=unexplained,
        opening_at=opening_at,
        short_of_notice=short,
    )
