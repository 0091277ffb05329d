"""The register of duties, to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.timetable.duties import rules
from engage.timetable.duties.rules import DutyName
from engage.timetable.models import StatutoryDuty


def duties(session: Session) -> list[StatutoryDuty]:
    """Return every duty, ended ones too, in the order of the register."""
    return list(session.scalars(select(StatutoryDuty).order_by(StatutoryDuty.position, StatutoryDuty.code)))


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
