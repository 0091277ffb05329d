"""The bad times that officers have entered, to read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations.clock import in_london
from engage.timetable.models import CalendarPeriod
from engage.timetable.periods import rules
from engage.timetable.periods.rules import Period, Warning
from engage.timetable.rules import last_day


def periods(session: Session) -> list[CalendarPeriod]:
    """Return every period, the latest to begin first."""
    statement = select(CalendarPeriod).order_by(CalendarPeriod.starts_on.desc(), CalendarPeriod.id.desc())
    return list(session.scalars(statement))


def warnings(session: Session, opens_at: datetime, closes_at: datetime) -> tuple[Warning, ...]:
    """Return what speaks against asking from `opens_at` to before `closes_at`."""
    statement = (
        select(CalendarPeriod)
        .where(
            CalendarPeriod.starts_on <= last_day(closes_at),
            CalendarPeriod.ends_on >= in_london(opens_at).date(),
        )
        .order_by(CalendarPeriod.starts_on, CalendarPeriod.id)
    )
    met = [Period(each.kind, each.title, each.starts_on, each.ends_on) for each in session.scalars(statement)]
    return rules.warnings(opens_at, closes_at, met)
