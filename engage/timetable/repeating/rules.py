"""The dates of the next time, from those of the time before. Pure: no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engage.foundations.clock import in_london, london_moment
from engage.timetable import rules
from engage.timetable.details import EntryDetails
from engage.timetable.periods.rules import working_day_from, working_day_until
from engage.timetable.rules import NOTICE_MONTHS, Repeats, months_later

MONTHS: Mapping[Repeats, int] = {
    Repeats.NEVER: 12,
    Repeats.MONTHLY: 1,
    Repeats.QUARTERLY: 3,
    Repeats.HALF_YEARLY: 6,
    Repeats.YEARLY: 12,
}
# How long before the groups must be told an officer is reminded to draft it.
TIME_TO_DRAFT = timedelta(weeks=6)
_YEARS = re.compile(r"\b(20\d\d)(?:([/–-])(\d\d))?\b")


@dataclass(frozen=True, slots=True)
class _Run:
    """The days of one time: when it opens, and what came after the opening."""

    notice_on: date
    opens_on: date
    last_on: date


def next_time(before: EntryDetails, today: date) -> EntryDetails:
    """Return what the next entry says: the one `before`, its dates moved by its rhythm to working days.

    What never repeats is moved by a year. The day of notice keeps three months free before the opening; where
    that day has passed, notice is given on the next working day and all that follows moves with it. Reasons
    for haste and delay belonged to the time before and are not carried.
    """
    run = _moved(before, today)
    opens_at = london_moment(run.opens_on, in_london(before.opens_at).timetz().replace(tzinfo=None))
    closes_at = _closing(before.closes_at, run.last_on)
    years = run.opens_on.year - in_london(before.opens_at).year
    decision, feedback = _afterwards(before, run, closes_at)
    return replace(
        before,
        title=with_years(before.title, years),
        consultation_year=before.consultation_year + years,
        plan_year=None if before.plan_year is None else before.plan_year + years,
        notice_given_on=run.notice_on,
        opens_at=opens_at,
        closes_at=closes_at,
        decision_due_on=decision,
        feedback_due_on=feedback,
        feedback_late_reason="",
        urgent_reason="",
        urgent_authorised_by="",
    )


def due_on(before: EntryDetails) -> date:
    """Return the day from which the next entry is to be drafted: some weeks before its groups are told."""
    return _planned(before).notice_on - TIME_TO_DRAFT


def latest_notice(opens_on: date) -> date:
    """Return the last working day on which telling groups leaves them three months before `opens_on`."""
    return working_day_until(months_later(opens_on, -NOTICE_MONTHS))


def with_years(title: str, years: int) -> str:
    """Return `title` with each year in it moved (`2027/28` by one is `2028/29`)."""

    def moved(found: re.Match[str]) -> str:
        year = int(found[1]) + years
        return f"{year}{found[2]}{(int(found[3]) + years) % 100:02d}" if found[3] else str(year)

    return _YEARS.sub(moved, title)


def _planned(before: EntryDetails) -> _Run:
    """Return the days of the next time by the rhythm alone, whatever day it is today."""
    months = MONTHS[before.repeats]
    opens_on = working_day_from(months_later(in_london(before.opens_at).date(), months))
    last_on = working_day_from(months_later(rules.last_day(before.closes_at), months))
    latest = latest_notice(opens_on)
    told = before.notice_given_on
    notice_on = latest if told is None else min(latest, working_day_until(months_later(told, months)))
    return _Run(notice_on, opens_on, max(last_on, opens_on))


def _moved(before: EntryDetails, today: date) -> _Run:
    run = _planned(before)
    if run.notice_on >= today:
        return run
    if (latest := latest_notice(run.opens_on)) >= today:
        # Later than they used to be told, and still three months.
        return replace(run, notice_on=latest)
    notice_on = working_day_from(today)
    opens_on = working_day_from(rules.earliest_opening(notice_on))
    last_on = working_day_from(run.last_on + (opens_on - run.opens_on))
    return _Run(notice_on, opens_on, last_on)


def _closing(before: datetime, last_on: date) -> datetime:
    """Return a closing on that day: at its end, or at the hour at which it closed before."""
    hour = in_london(before).timetz().replace(tzinfo=None)
    if rules.last_day(before) == in_london(before).date():
        return london_moment(last_on, hour)
    return rules.closing_after(last_on)


def _afterwards(before: EntryDetails, run: _Run, closes_at: datetime) -> tuple[date | None, date | None]:
    """Return the days of decision and feedback, as long after the last day as before, feedback in time."""
    was = rules.last_day(before.closes_at)
    decision = before.decision_due_on and working_day_from(run.last_on + (before.decision_due_on - was))
    feedback = before.feedback_due_on and working_day_from(run.last_on + (before.feedback_due_on - was))
    if feedback is not None:
        feedback = min(feedback, working_day_until(rules.latest_feedback(closes_at)))
    if decision is not None and feedback is not None and feedback < decision:
        # It was late the last time, with a reason: whether it will be again is for somebody to say.
        feedback = None
    return decision, feedback
