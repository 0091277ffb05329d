"""What the demonstration shows of planning: an example of a calendar of plans, and a decided overlap."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.demo.content import OPEN, Line, moment_in
from engage.demo.steps import Do, Step, officer
from engage.foundations.database import transaction
from engage.timetable.models import Entry, PlanPeriod
from engage.timetable.overlaps import queries as overlaps
from engage.timetable.overlaps import service as deciding
from engage.timetable.plans import service as plans
from engage.timetable.plans.service import PlanDetails
from engage.timetable.rules import Outcome, PlanPart, PlanTier

EXAMPLE = "An example, so that the calendar can be seen. The real dates are for the authority to enter."
CROYDON = "croydon-community-safety-plan"
WHY_APART = (
    "Agreed with the Safer Croydon Partnership: it asks about the borough’s own streets, and London’s form "
    "does not. Each says that there is the other, and the groups were told of both at one meeting."
)


def steps_of(line: Line, today: date) -> list[Step]:
    """Return the steps that fill the calendar around the plan that `line` feeds, and decide on an overlap."""
    year = line.details.plan_year or today.year + 1
    return [
        Step(moment_in(today, -30), _plans(year)),
        Step(moment_in(today, -1), _decided(OPEN, CROYDON)),
    ]


def periods(year: int) -> Mapping[str, tuple[PlanDetails, str | None]]:
    """Return the example for the financial year that begins in `year`, with the code of what each feeds."""
    rows = json.loads(files(__package__).joinpath("data", "plans.json").read_text(encoding="utf-8"))
    return {row["code"]: (_details(row, year), row["feeds"]) for row in rows}


def _details(row: Mapping[str, Any], year: int) -> PlanDetails:
    begins, ends = (date(year + after, month, day) for after, month, day in (row["from"], row["to"]))
    return PlanDetails(
        title=row["title"],
        organisation=row["organisation"],
        tier=PlanTier(row["tier"]),
        part=PlanPart(row["part"]),
        starts_on=begins,
        ends_on=ends,
        note=EXAMPLE,
        source=row["source"],
    )


def _plans(year: int) -> Do:
    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            if session.scalar(select(PlanPeriod.id).limit(1)) is not None:
                return
            actor = officer(session)
            stored: dict[str, int] = {}
            # What is fed is stored before what feeds it.
            waiting = dict(periods(year))
            while waiting:
                code = next(code for code, (_, feeds) in waiting.items() if feeds not in waiting)
                said, feeds = waiting.pop(code)
                details = replace(said, feeds_id=stored[feeds] if feeds else None)
                stored[code] = plans.add_period(session, actor=actor, now=now, details=details).id

    return do


def _decided(one: str, other: str) -> Do:
    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            ids = session.scalars(
                select(Entry.id).where(Entry.slug.in_((one, other))).order_by(Entry.id)
            ).all()
            if len(ids) != 2:
                return
            pair = ids[0], ids[1]
            found = overlaps.find_overlap(overlaps.known(session, now), pair)
            if found is None or found.decision is not None:
                return
            deciding.decide(
                session, actor=officer(session), now=now, entry_id=pair[0], other_id=pair[1],
                outcome=Outcome.KEEP_APART, reason=WHY_APART,
            )  # fmt: skip

    return do
