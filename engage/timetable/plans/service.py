"""What is done to the calendar of plans."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.boroughs.models import Area
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.timetable.models import PlanPeriod
from engage.timetable.plans import rules
from engage.timetable.rules import PlanPart, PlanTier

LENGTHS = {"title": 200, "organisation": 160, "note": 2000, "source": 500}
YEARS = range(rules.FIRST_YEAR, rules.LAST_YEAR + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDetails:
    """Everything an officer says of a stretch of a plan's life, both days included."""

    title: str
    organisation: str
    tier: PlanTier
    part: PlanPart
    starts_on: date
    ends_on: date
    area_code: str | None = None
    feeds_id: int | None = None
    note: str = ""
    source: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the stretch that it is; two that agree in this are one."""
        return (
            self.title, self.organisation, self.tier, self.part, self.area_code, self.starts_on, self.ends_on,
        )  # fmt: skip


def add_period(session: Session, *, actor: str, now: datetime, details: PlanDetails) -> PlanPeriod:
    """Add a stretch to the calendar and return it. Raises `Refused` beside what is wrong."""
    details = accepted(details)
    _refuse_unknown(session, details, None)
    period = PlanPeriod(**asdict(details))
    session.add(period)
    session.flush()
    _note(session, actor, "plan_period.added", period.id, now, _written(details))
    return period


def change_period(
    session: Session, *, actor: str, now: datetime, period_id: int, details: PlanDetails
) -> PlanPeriod:
    """Make a stretch say `details`; the audit log keeps what it said. Raises `Refused` as adding does."""
    details = accepted(details)
    period = _hold(session, period_id)
    _refuse_unknown(session, details, period_id)
    before, after = _written(said(period)), _written(details)
    changed = {name: [before[name], value] for name, value in after.items() if value != before[name]}
    if changed:
        for name, value in asdict(details).items():
            setattr(period, name, value)
        session.flush()
        _note(session, actor, "plan_period.changed", period_id, now, changed)
    return period


def remove_period(session: Session, *, actor: str, now: datetime, period_id: int) -> None:
    """Take a stretch out of the calendar; what led to it leads to nothing."""
    period = _hold(session, period_id)
    was = _written(said(period))
    session.execute(update(PlanPeriod).where(PlanPeriod.feeds_id == period_id).values(feeds_id=None))
    session.delete(period)
    session.flush()
    _note(session, actor, "plan_period.removed", period_id, now, was)


def said(period: PlanPeriod) -> PlanDetails:
    """Return what an officer said of `period`."""
    return PlanDetails(**{name: getattr(period, name) for name in PlanDetails.__dataclass_fields__})


def accepted(details: PlanDetails) -> PlanDetails:
    """Return `details` tidied. Raises `Refused` beside what is wrong in itself."""
    details = replace(
        details,
        title=" ".join(details.title.split()),
        organisation=" ".join(details.organisation.split()),
        note=details.note.strip(),
        source=details.source.strip(),
    )
    if not details.title:
        raise Refused(lazy("Say which plan it is."), "title")
    if not details.organisation:
        raise Refused(lazy("Say whose plan it is."), "organisation")
    for name, most in LENGTHS.items():
        if len(getattr(details, name)) > most:
            raise Refused(lazy("Use at most %(most)s characters.", most=most), name)
    for name in ("starts_on", "ends_on"):
        if getattr(details, name).year not in YEARS:
            raise Refused(lazy("Enter a day of this century, such as 1 4 2027."), name)
    if details.ends_on < details.starts_on:
        raise Refused(lazy("The last day must not be before the first."), "ends_on")
    return details


def _refuse_unknown(session: Session, details: PlanDetails, period_id: int | None) -> None:
    if details.area_code is not None and session.get(Area, details.area_code) is None:
        raise Refused(lazy("Choose a borough of the list."), "area_code")
    if details.feeds_id is None:
        return
    rows = session.execute(select(PlanPeriod.id, PlanPeriod.feeds_id).order_by(PlanPeriod.id))
    feeds: dict[int, int | None] = dict(iter(rows))
    if details.feeds_id not in feeds:
        raise Refused(lazy("Choose something that is in the calendar."), "feeds_id")
    if period_id is not None and rules.circle(period_id, details.feeds_id, feeds):
        raise Refused(lazy("That leads back to this one: choose what comes after it."), "feeds_id")


def _hold(session: Session, period_id: int) -> PlanPeriod:
    statement = select(PlanPeriod).where(PlanPeriod.id == period_id).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _written(details: PlanDetails) -> dict[str, Any]:
    """Return `details` as JSON holds them."""
    return {name: _plain(value) for name, value in asdict(details).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _note(
    session: Session, actor: str, action: str, period_id: int, now: datetime, said: dict[str, Any]
) -> None:
    subject = f"plan_period:{period_id}"
    audit.record(session, actor=actor, action=action, subject=subject, at=now, details=said)
