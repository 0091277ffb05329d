"""The register of duties, to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.timetable.duties import coverage, rules
from engage.timetable.duties.coverage import Asked, Covered, Duty
from engage.timetable.duties.rules import NO_DUTY, DutyName
from engage.timetable.models import Entry, StatutoryDuty

_OF_ENTRY = tuple(field.name for field in fields(Asked) if field.name != "area_name")
_OF_DUTY = tuple(field.name for field in fields(Duty))


def duties(session: Session) -> list[StatutoryDuty]:
    """Return every duty, ended ones too, in the order of the register; that there is none comes last."""
    last = case((StatutoryDuty.code == NO_DUTY, 1), else_=0)
    return list(
        session.scalars(select(StatutoryDuty).order_by(last, StatutoryDuty.position, StatutoryDuty.code))
    )


def names(session: Session) -> Mapping[str, DutyName]:
    """Return how each duty is said, ended ones too, by its code and in the order of the register."""
    return {duty.code: DutyName(duty.name, duty.law, duty.ended_on) for duty in duties(session)}


def choices(session: Session, on: date, kept: str | None = None) -> Mapping[str, DutyName]:
    """Return the duties that an entry may be said to serve on the day `on`, and `kept`, which it serves."""
    return {
        code: duty
        for code, duty in names(session).items()
        if code == kept or rules.in_force(duty.ended_on, on)
    }


def find_duty(session: Session, code: str) -> StatutoryDuty | None:
    """Return the duty with this code, or None."""
    return session.get(StatutoryDuty, code)


def get_duty(session: Session, code: str) -> StatutoryDuty:
    """Return the duty with this code; raises `NoResultFound`."""
    return session.scalars(select(StatutoryDuty).where(StatutoryDuty.code == code)).one()


def served(session: Session, code: str) -> bool:
    """Tell whether any entry names this duty, so that it has to stay in the register."""
    return session.scalar(select(Entry.id).where(Entry.duty == code).limit(1)) is not None


def covered(session: Session, now: datetime, *, drafts: bool = False) -> tuple[Covered, ...]:
    """Return how each duty was served, year by year, in two queries; `drafts` counts what is not public yet.

    That an entry serves none is a line of its own, the last.
    """
    statement = (
        select(Area.name, *(getattr(Entry, name) for name in _OF_ENTRY))
        .outerjoin(Area, Area.code == Entry.area_code)
        .order_by(Entry.opens_at, Entry.id)
    )
    if not drafts:
        statement = statement.where(Entry.published_at.is_not(None))
    entries = [
        Asked(area_name=row[0], **dict(zip(_OF_ENTRY, row[1:], strict=True)))
        for row in session.execute(statement)
    ]
    register = [Duty(**{name: getattr(duty, name) for name in _OF_DUTY}) for duty in duties(session)]
    return coverage.coverage(register, entries, now)
