"""Entering bad times to ask, and taking them out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.timetable.models import CalendarPeriod
from engage.timetable.periods.rules import LONGEST_TITLE, Period
from engage.timetable.rules import PeriodKind

LONGEST_DAYS = 366


def add_period(
    session: Session,
    *,
    actor: str,
    now: datetime,
    kind: PeriodKind,
    title: str,
    starts_on: date,
    ends_on: date,
) -> CalendarPeriod:
    """Keep a stretch of days as a bad time to ask; the same one again is the one that is there.

    Raises `Refused` beside what is wrong with it.
    """
    title = title.strip()
    if not title:
        raise Refused(lazy("Enter a name, such as Easter holidays 2027."), "title")
    if len(title) > LONGEST_TITLE:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_TITLE), "title")
    if ends_on < starts_on:
        raise Refused(lazy("The last day must not be before the first."), "ends_on")
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise Refused(lazy("Enter a stretch of at most a year."), "ends_on")
    wanted = Period(kind, title, starts_on, ends_on)
    held = _find(session, wanted)
    if held is not None:
        return held
    period = CalendarPeriod(kind=kind, title=title, starts_on=starts_on, ends_on=ends_on)
    session.add(period)
    session.flush()
    _record(session, actor, "period.added", now, wanted)
    return period


def remove_period(session: Session, *, actor: str, now: datetime, period_id: int) -> None:
    """Take a period out; one that is gone already stays gone."""
    period = session.get(CalendarPeriod, period_id)
    if period is None:
        return
    session.delete(period)
    session.flush()
    _record(
        session, actor, "period.removed", now,
        Period(period.kind, period.title, period.starts_on, period.ends_on),
    )  # fmt: skip


def _find(session: Session, wanted: Period) -> CalendarPeriod | None:
    statement = select(CalendarPeriod).where(
        CalendarPeriod.kind == wanted.kind,
        CalendarPeriod.title == wanted.title,
        CalendarPeriod.starts_on == wanted.starts_on,
        CalendarPeriod.ends_on == wanted.ends_on,
    )
    return session.scalars(statement.order_by(CalendarPeriod.id).limit(1)).one_or_none()


def _record(session: Session, actor: str, action: str, now: datetime, period: Period) -> None:
    details = {
        "kind": period.kind.value,
        "from": period.starts_on.isoformat(),
        "to": period.ends_on.isoformat(),
    }
    audit.record(
        session, actor=actor, action=action, subject=f"period:{period.title[:100]}", at=now, details=details
    )
