"""The calendar of plans, to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.boroughs.models import Area
from engage.foundations.clock import in_london, london_moment
from engage.timetable import rules as timetable
from engage.timetable.models import Entry, PlanPeriod
from engage.timetable.plans import rules
from engage.timetable.plans.rules import Asking, Line, Organisations, Period
from engage.timetable.rules import A_DAY, Level


def periods(session: Session) -> Sequence[Period]:
    """Return every stretch of a plan's life, the earliest first."""
    statement = (
        select(PlanPeriod, Area.name)
        .outerjoin(Area, Area.code == PlanPeriod.area_code)
        .order_by(PlanPeriod.starts_on, PlanPeriod.title, PlanPeriod.id)
    )
    return [
        Period(
            id=row.id,
            title=row.title,
            organisation=row.organisation,
            tier=row.tier,
            part=row.part,
            area_code=row.area_code,
            area_name=area_name,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            feeds_id=row.feeds_id,
            note=row.note,
            source=row.source,
        )
        for row, area_name in session.execute(statement)
    ]


def get_period(session: Session, period_id: int) -> PlanPeriod:
    """Return the stretch with this id; raises `NoResultFound`."""
    return session.scalars(select(PlanPeriod).where(PlanPeriod.id == period_id)).one()


def consultations(session: Session, year: int) -> Sequence[Asking]:
    """Return the public consultations that are open in the picture of `year`, the first to open first."""
    first, last = rules.shown_from(year)
    statement = (
        select(Entry, Area.name)
        .outerjoin(Area, Area.code == Entry.area_code)
        .where(
            Entry.published_at.is_not(None),
            Entry.cancelled_at.is_(None),
            Entry.level == Level.CONSULTATION,
            Entry.opens_at < london_moment(last + A_DAY),
            Entry.closes_at > london_moment(first),
        )
        .order_by(Entry.opens_at, Entry.id)
    )
    return [
        Asking(
            slug=entry.slug,
            title=entry.title,
            organisation=entry.organisation,
            area_code=entry.area_code,
            area_name=area_name,
            starts_on=in_london(entry.opened_at or entry.opens_at).date(),
            ends_on=timetable.last_day(min(entry.closed_at or entry.closes_at, entry.closes_at)),
            plan_year=entry.plan_year,
        )
        for entry, area_name in session.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines of a picture, and how many consultations of the timetable there was no room for."""

    lines: Sequence[Line]
    left_out: int


def shown(session: Session, year: int, organisations: Organisations) -> Shown:
    """Return the picture of `year`, in two queries."""
    asked = consultations(session, year)
    lines = rules.lines(periods(session), asked, year, organisations)
    return Shown(lines, max(0, len(asked) - rules.MOST_ENTRIES))


def years(session: Session, this_year: int) -> Sequence[int]:
    """Return the years that have something to show, and this one, the earliest first."""
    begins, ends = session.execute(select(func.min(PlanPeriod.starts_on), func.max(PlanPeriod.ends_on))).one()
    asked = session.execute(
        select(func.min(Entry.consultation_year), func.max(Entry.consultation_year))
    ).one()
    found = [this_year, *(each.year for each in (begins, ends) if each), *(each for each in asked if each)]
    last = min(max(max(found) - 1, this_year), rules.LAST_YEAR)
    return list(range(max(min(found), rules.FIRST_YEAR), last + 1))
