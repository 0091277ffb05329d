"""What is done to the register of duties. A duty that was served is ended, and never deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.timetable.duties import queries
from engage.timetable.duties.rules import NO_DUTY, code_for
from engage.timetable.models import Entry, StatutoryDuty

LONGEST_NAME, LONGEST_TEXT, LONGEST_RHYTHM = 200, 4000, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDetails:
    """Everything an officer says of a duty. `every_months` None means no set rhythm, `ended_on` None that it
    is in force."""

    name: str
    law: str
    requires: str
    every_months: int | None = None
    ended_on: date | None = None


def add_duty(session: Session, *, actor: str, now: datetime, details: DutyDetails) -> StatutoryDuty:
    """Add a duty at the end of the register and return it. Raises `Refused` beside what is wrong."""
    details = _accepted(session, details, None)
    code = code_for(details.name, frozenset(queries.names(session)))
    last = session.scalar(select(func.max(StatutoryDuty.position))) or 0
    duty = StatutoryDuty(code=code, position=last + 1, **asdict(details))
    session.add(duty)
    session.flush()
    _note(session, actor, "duty.added", code, now, _written(details))
    return duty


def change_duty(
    session: Session, *, actor: str, now: datetime, code: str, details: DutyDetails
) -> StatutoryDuty:
    """Make the duty say `details`; the audit log keeps what it said before.

    Raises `Refused` beside what is wrong; that an entry serves no duty is not a duty that can end.
    """
    duty = _hold(session, code)
    details = _accepted(session, details, code)
    if code == NO_DUTY and details.ended_on is not None:
        raise Refused(lazy("That an entry serves no duty cannot end."), "ended_on")
    before = _written(_said(duty))
    after = _written(details)
    changed = {name: [before[name], value] for name, value in after.items() if value != before[name]}
    if not changed:
        return duty
    ends = duty.ended_on is None and details.ended_on is not None
    for name, value in asdict(details).items():
        setattr(duty, name, value)
    session.flush()
    _note(session, actor, "duty.ended" if ends else "duty.changed", code, now, changed)
    return duty


def remove_duty(session: Session, *, actor: str, now: datetime, code: str) -> None:
    """Take a duty that no entry ever named out of the register. Raises `Refused` for any other."""
    duty = _hold(session, code)
    if code == NO_DUTY:
        raise Refused(lazy("The register needs a line for entries that serve no duty."))
    if session.scalar(select(Entry.id).where(Entry.duty == code).limit(1)) is not None:
        raise Refused(lazy("Entries name this duty, so it stays in the register. You can say when it ended."))
    was = _written(_said(duty))
    session.delete(duty)
    session.flush()
    _note(session, actor, "duty.removed", code, now, was)


def _hold(session: Session, code: str) -> StatutoryDuty:
    statement = select(StatutoryDuty).where(StatutoryDuty.code == code).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _accepted(session: Session, details: DutyDetails, code: str | None) -> DutyDetails:
    details = DutyDetails(
        name=" ".join(details.name.split()),
        law=details.law.strip(),
        requires=details.requires.strip(),
        every_months=details.every_months,
        ended_on=details.ended_on,
    )
    if not details.name:
        raise Refused(lazy("Say in plain words what the duty is."), "name")
    if len(details.name) > LONGEST_NAME:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_NAME), "name")
    same = details.name.casefold()
    if any(said.name.casefold() == same for other, said in queries.names(session).items() if other != code):
        raise Refused(lazy("The register has a duty of this name."), "name")
    for name in ("law", "requires"):
        if len(getattr(details, name)) > LONGEST_TEXT:
            raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_TEXT), name)
    if code != NO_DUTY and not details.law:
        raise Refused(lazy("Name the law that it comes from."), "law")
    if details.every_months is not None and not 1 <= details.every_months <= LONGEST_RHYTHM:
        sentence = lazy("Enter a number of months from 1 to %(most)s.", most=LONGEST_RHYTHM)
        raise Refused(sentence, "every_months")
    return details


def _said(duty: StatutoryDuty) -> DutyDetails:
    names = DutyDetails.__dataclass_fields__
    return DutyDetails(**{name: getattr(duty, name) for name in names})


def _written(details: DutyDetails) -> dict[str, Any]:
    """Return `details` as JSON holds them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(details).items()
    }


def _note(session: Session, actor: str, action: str, code: str, now: datetime, said: dict[str, Any]) -> None:
    audit.record(session, actor=actor, action=action, subject=f"duty:{code}", at=now, details=said)
