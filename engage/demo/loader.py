"""Making the demonstration: London, its people, and a year of consultations up to today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.boroughs.service import load_london
from engage.consultations.rules import State
from engage.demo import (
    calendar,
    content,
    earlier,
    network,
    notices,
    panels,
    people,
    planmaking,
    planning,
    readers,
    registers,
    returning,
    steps,
    updates,
)
from engage.demo.content import EARLIER, OPEN, Line
from engage.demo.earlier import Tools
from engage.demo.steps import Step
from engage.foundations import clock
from engage.foundations.clock import in_london
from engage.foundations.database import transaction
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.groups.service import load_groups
from engage.people.models import Person
from engage.people.queries import find_by_email

SEED = 2028
CONTACTS_IN_A_HUNDRED = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made: when, and how many responses the open consultation and the earlier one have."""

    now: datetime
    responses: int
    tools: Tools
    earlier: int = earlier.RESPONSES


def load(session: Session, wanted: Wanted) -> None:
    """Make the demonstration; whatever of it is there already stays as it is.

    Every part is done by the service that the pages use, with the clock stopped when it happened. Commits as
    it goes; cut short and begun again it goes on where it stopped.
    """
    today = in_london(wanted.now).date()
    lines = {line.slug: line for line in content.timetable(today)}
    _found(session, content.moment_in(today, -80))
    everything = [
        *registers.steps_of(today),
        *(steps.added(line) for line in lines.values()),
        *calendar.steps_of(lines.values(), today),
        *notices.steps_of(lines.values(), today),
        *planning.steps_of(lines[OPEN], today),
        *readers.steps_of(today, wanted.now),
        *earlier.steps_of(lines[EARLIER], today=today, responses=wanted.earlier, tools=wanted.tools),
        *planmaking.steps_of(today, wanted.tools),
        *returning.steps_of(lines[EARLIER], today=today, tools=wanted.tools),
        *_open_one(lines[OPEN], today, wanted),
        *updates.steps_of(today, wanted.tools.work),
        *network.steps_of(lines[OPEN], now=wanted.now),
        *panels.steps_of(OPEN, today=today, now=wanted.now, threshold=wanted.tools.threshold),
    ]
    for step in steps.in_order(everything):
        with clock.stopped_at(step.at):
            step.do(session, step.at)


def _found(session: Session, at: datetime) -> None:
    """Load what every installation begins with, and the accounts."""
    with transaction(session):
        if find_by_email(session, people.ADMINISTRATOR.email) is None:
            if session.scalar(select(Person.id).limit(1)) is not None:
                raise Refused(
                    lazy("This database belongs to an installation: the demonstration stays out of it.")
                )
            load_london(session)
            load_groups(session)
            people.add_everybody(session, now=at)


def _open_one(line: Line, today: date, wanted: Wanted) -> list[Step]:
    """Return the steps of the consultation that is open today."""
    opens_at = line.details.opens_at
    contacts = wanted.responses * CONTACTS_IN_A_HUNDRED // 100
    return [
        Step(line.added_at, steps.planned(line)),
        Step(line.added_at, steps.while_in(line.slug, State.PLANNED, steps.announce)),
        Step(opens_at, steps.while_in(line.slug, State.ANNOUNCED, steps.open_)),
        Step(
            max(wanted.now, opens_at),
            steps.answered(line.slug, responses=wanted.responses, contacts=contacts, seed=SEED),
        ),
        Step(
            max(wanted.now, opens_at),
            steps.while_in(line.slug, State.OPEN, partial(earlier.count, wanted.tools)),
        ),
    ]
