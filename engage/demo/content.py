"""What the demonstration says, from its data files, with every date counted from the week it is made in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from engage.foundations.clock import london_moment
from engage.plan_export.rules import Outcome
from engage.timetable.details import EntryDetails
from engage.timetable.rules import Level, Repeats, closing_after

OPEN = "policing-priorities-2028-29"
EARLIER = "policing-priorities-2027-28"

# Who had read the report, who sees to what was adopted, and what was found of its effects.
READER = "The Chair of the Authority, for the full Authority"
OWNER = "The Assistant Commissioner for territorial policing"
EQUALITY_NOTES = {
    Outcome.ADOPTED: "Young people may be stopped more often because of it. Young members of the borough "
    "panels will look each quarter at whom it affects, and what they find is published.",
    Outcome.IN_PART: "We found no different effect because the part that is taken up covers every borough, "
    "and nobody has to go online or to a station for it.",
    Outcome.NOT_ADOPTED: "We found no different effect because the service stays as it is for everybody, and "
    "no group loses anything that it has today.",
}

MORNING = time(9)
THURSDAY, FRIDAY = 3, 4
_TEXTS = (
    "title",
    "organisation",
    "purpose",
    "can_change",
    "cannot_change",
    "audience",
    "methods",
    "how_to_take_part",
    "decision_maker",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timetable, and the moment when it was added to it."""

    slug: str
    added_at: datetime
    details: EntryDetails


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided on a priority if London names it among the first, and the reason."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An instrument as the demonstration offers it."""

    code: str
    title: str
    summary: str


def timetable(today: date) -> list[Line]:
    """Return the year's timetable as it stands on `today`, the two consultations on priorities included."""
    consultations = _read("consultations.json")
    rows = [*_read("timetable.json"), consultations["open"], consultations["earlier"]]
    return [_line(row, today) for row in rows]


def instruments() -> list[Offered]:
    """Return the instruments of both consultations, in the order in which they are offered."""
    return [Offered(**row) for row in _read("consultations.json")["instruments"]]


def why() -> str:
    """Return how the feedback of the earlier consultation says that decisions and answers go together."""
    return "\n\n".join(_read("consultations.json")["why"])


def verdicts() -> dict[str, Verdict]:
    """Return what would be decided on each priority of the framework, by its code."""
    return {
        code: Verdict(Outcome(outcome), reason) for code, (outcome, reason) in _read("decisions.json").items()
    }


def reading() -> dict[str, tuple[str, ...]]:
    """Return the words by which the demonstration's officer knows a priority in a text, by its code."""
    return {code: tuple(words) for code, words in _read("reading.json").items()}


def moment_in(today: date, weeks: float, day: int = 0, at: time = MORNING) -> datetime:
    """Return the moment `at` on a weekday (0 is Monday) of the week that lies `weeks` from `today`'s."""
    monday = today - timedelta(days=today.weekday())
    return london_moment(monday + timedelta(weeks=weeks, days=day), at)


def _line(row: Mapping[str, Any], today: date) -> Line:
    opens_at = moment_in(today, row["opens_weeks"])
    noticed = _day(today, row["notice_weeks"], 0)
    # A year or more from now the plan's year has come: the consultation still goes before it.
    year = min(opens_at.year, (row.get("plan_year") or opens_at.year + 1) - 1)
    details = EntryDetails(
        **{name: row[name] for name in _TEXTS},
        level=Level(row["level"]),
        duty=row["duty"],
        area_code=row["area"],
        consultation_year=year,
        plan_year=row.get("plan_year"),
        notice_given_on=noticed,
        urgent_reason=row.get("urgent_reason", ""),
        urgent_authorised_by=row.get("urgent_authorised_by", ""),
        opens_at=opens_at,
        closes_at=closing_after(_day(today, row["closes_weeks"], FRIDAY) or today),
        decision_due_on=_day(today, row["decision_weeks"], THURSDAY),
        feedback_due_on=_day(today, row["feedback_weeks"], THURSDAY),
        run_here=row["run_here"],
        web_address=row.get("web_address", ""),
        repeats=Repeats(row.get("repeats", "never")),
    )
    return Line(row["slug"], moment_in(today, row["notice_weeks"]), details)


def _day(today: date, weeks: int | None, day: int) -> date | None:
    return None if weeks is None else moment_in(today, weeks, day).date()


def _read(name: str) -> Any:
    return json.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
