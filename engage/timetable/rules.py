"""What an entry may say, and where it stands at a moment. Pure decisions on plain values."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from engage.foundations.clock import in_london, london_moment

NOTICE_MONTHS = 3
FEEDBACK_WITHIN = timedelta(weeks=12)
A_DAY = timedelta(days=1)


class Level(StrEnum):
    """What a consultee may expect, in the corporate definitions of the 2010 mapping report."""

    COMMUNICATION = "communication"
    CONSULTATION = "consultation"
    ENGAGEMENT = "engagement"


class Repeats(StrEnum):
    """How often what an entry asks is asked again."""

    NEVER = "never"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class MarkKind(StrEnum):
    """What a mark of an entry says: what it is about, how people are asked, or who."""

    TOPIC = "topic"
    METHOD = "method"
    AUDIENCE = "audience"


class Topic(StrEnum):
    """What an entry is about."""

    PRIORITIES = "priorities"
    NEIGHBOURHOODS = "neighbourhoods"
    ANTISOCIAL_BEHAVIOUR = "antisocial_behaviour"
    VIOLENCE = "violence"
    WOMEN_AND_GIRLS = "women_and_girls"
    HATE_CRIME = "hate_crime"
    YOUNG_PEOPLE = "young_people"
    BURGLARY_AND_THEFT = "burglary_and_theft"
    ROADS_AND_TRANSPORT = "roads_and_transport"
    DRUGS_AND_ALCOHOL = "drugs_and_alcohol"
    BUSINESS_CRIME = "business_crime"
    TERRORISM = "terrorism"
    STOP_AND_SEARCH = "stop_and_search"
    CUSTODY = "custody"
    COMPLAINTS_AND_CONDUCT = "complaints_and_conduct"
    BUDGET = "budget"
    BUILDINGS = "buildings"
    OTHER = "other"


class Method(StrEnum):
    """How people are asked."""

    ONLINE = "online"
    PAPER = "paper"
    TELEPHONE = "telephone"
    MEETING = "meeting"
    EVENT = "event"
    FOCUS_GROUP = "focus_group"
    PANEL = "panel"
    INTERVIEW = "interview"
    POST = "post"


class NoticeKind(StrEnum):
    """What groups are told of an entry: that it comes, or that it has changed."""

    ISSUED = "issued"
    CHANGED = "changed"
    POSTPONED = "postponed"
    EXTENDED = "extended"
    CANCELLED = "cancelled"


class NewsKind(StrEnum):
    """What has happened to an entry that everybody may know."""

    ANNOUNCED = "announced"
    CHANGED = "changed"
    OPENED = "opened"
    POSTPONED = "postponed"
    EXTENDED = "extended"
    CLOSED = "closed"
    RESULTS = "results"
    DECIDED = "decided"
    FED_BACK = "fed_back"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What was decided where two entries ask the same people or the same things at once."""

    JOIN_UP = "join_up"
    KEEP_APART = "keep_apart"
    MOVE = "move"


class PeriodKind(StrEnum):
    """Why a stretch of days is a bad time to ask."""

    SCHOOL_HOLIDAY = "school_holiday"
    PRE_ELECTION = "pre_election"
    OTHER = "other"


class PlanTier(StrEnum):
    """Whose plan it is, the widest first."""

    NATIONAL = "national"
    FORCE = "force"
    AUTHORITY = "authority"
    PARTNERSHIP = "partnership"


class PlanPart(StrEnum):
    """Which part of a plan's life a stretch of time is."""

    PREPARING = "preparing"
    CONSULTING = "consulting"
    DECIDING = "deciding"
    RUNNING = "running"
    REPORTING = "reporting"


class WishKind(StrEnum):
    """What somebody who asked to be told wants to hear of."""

    AREA = "area"
    TOPIC = "topic"


class EntryState(StrEnum):
    """Where an entry stands for somebody who may want to take part; the order of the public timetable."""

    OPEN = "open"
    FORTHCOMING = "forthcoming"
    CLOSED = "closed"
    FED_BACK = "fed_back"
    CANCELLED = "cancelled"


class Dated(Protocol):
    """The moments an entry's state is read from."""

    @property
    def run_here(self) -> bool: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def fed_back_at(self) -> datetime | None: ...
    @property
    def feedback_due_on(self) -> date | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The moments of an entry, as plain values."""

    opens_at: datetime
    closes_at: datetime
    run_here: bool = True
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    fed_back_at: datetime | None = None
    feedback_due_on: date | None = None
    cancelled_at: datetime | None = None


AnyDated = TypeVar("AnyDated", bound=Dated)


def state(entry: Dated, now: datetime) -> EntryState:
    """Return where `entry` stands at `now`.

    What is run here is open when it was opened, not when that was planned, and shut at its closing whether or
    not anybody has recorded it. What is run elsewhere is read by its dates alone. Cancelled is for good.
    """
    if entry.cancelled_at is not None:
        return EntryState.CANCELLED
    if not entry.run_here:
        return _by_dates(entry, now)
    if entry.fed_back_at is not None:
        return EntryState.FED_BACK
    if entry.opened_at is None:
        return EntryState.FORTHCOMING
    if entry.closed_at is not None or now >= entry.closes_at:
        return EntryState.CLOSED
    return EntryState.OPEN


def _by_dates(entry: Dated, now: datetime) -> EntryState:
    if now < entry.opens_at:
        return EntryState.FORTHCOMING
    return EntryState.OPEN if now < entry.closes_at else EntryState.CLOSED


def grouped(entries: Iterable[AnyDated], now: datetime) -> Mapping[EntryState, list[AnyDated]]:
    """Return `entries` by state, what can be answered first; empty states are left out.

    Open ones: soonest to close first. Forthcoming: soonest to open first. The rest: last closed first, or the
    last that was to close.
    Entries that are equal in this keep their order.
    """
    groups: dict[EntryState, list[AnyDated]] = {each: [] for each in EntryState}
    for entry in entries:
        groups[state(entry, now)].append(entry)
    groups[EntryState.OPEN].sort(key=lambda entry: entry.closes_at)
    groups[EntryState.FORTHCOMING].sort(key=lambda entry: entry.opens_at)
    for past in (EntryState.CLOSED, EntryState.FED_BACK, EntryState.CANCELLED):
        groups[past].sort(key=lambda entry: entry.closed_at or entry.closes_at, reverse=True)
    return {each: members for each, members in groups.items() if members}


def late_to_open(entry: Dated, now: datetime) -> bool:
    """Tell whether the day it was to open has come, and nobody has opened or cancelled it."""
    waiting = entry.run_here and entry.opened_at is None and entry.cancelled_at is None
    return waiting and now >= entry.opens_at


def feedback_overdue(entry: Dated, today: date) -> bool:
    """Tell whether the day by which feedback was due has passed without any.

    An entry run elsewhere is never called overdue: we are not told when its feedback was given.
    """
    due = entry.feedback_due_on
    owed = entry.run_here and entry.fed_back_at is None and entry.cancelled_at is None
    return owed and due is not None and today > due


def last_day(closes_at: datetime) -> date:
    """Return the last day, by London's calendar, on which there is still time to answer."""
    return in_london(closes_at - timedelta(microseconds=1)).date()


def closing_said(closes_at: datetime) -> date | datetime:
    """Return what people are told of a closing: the last day where it is midnight, or else the moment."""
    return closes_at if in_london(closes_at).time() != time() else last_day(closes_at)


def closing_after(day: date) -> datetime:
    """Return the closing for which `day` is the last full day to answer: the midnight after it, in London."""
    return london_moment(day + A_DAY)


def latest_feedback(closes_at: datetime) -> date:
    """Return the last day for feedback without a published reason: 12 weeks after the last day to answer."""
    return last_day(closes_at) + FEEDBACK_WITHIN


def feedback_in_time(closes_at: datetime, feedback_due_on: date) -> bool:
    """Tell whether feedback by that day keeps the promise of 12 weeks."""
    return feedback_due_on <= latest_feedback(closes_at)


def decided_after_close(closes_at: datetime, decision_due_on: date) -> bool:
    """Tell whether the day of the decision begins when nobody can answer any more."""
    return london_moment(decision_due_on) >= closes_at


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def earliest_opening(notice_given_on: date) -> date:
    """Return the first day on which groups told on that day have had their three calendar months."""
    return months_later(notice_given_on, NOTICE_MONTHS)


def notice_ok(notice_given_on: date | None, opening_at: datetime) -> bool:
    """Tell whether groups have had three calendar months of London's calendar before `opening_at`."""
    return notice_given_on is not None and in_london(opening_at).date() >= earliest_opening(notice_given_on)


# What may still be corrected when people have been asked: never what they were told they were answering.
_ONCE_OPEN = frozenset(
    {"methods", "how_to_take_part", "decision_due_on", "feedback_due_on", "feedback_late_reason", "repeats"}
)
_ONCE_CLOSED = frozenset({"decision_due_on", "feedback_due_on", "feedback_late_reason", "repeats"})
# Everybody can see since when it is late: a later day is told beside that one, with a reason.
_ONCE_OVERDUE = _ONCE_CLOSED - {"feedback_due_on", "feedback_late_reason"}


def changeable(entry: Dated, now: datetime) -> frozenset[str] | None:
    """Return the names of the details that may still change, None where all may.

    An entry run elsewhere is somebody else's statement and may be corrected at any time. What is cancelled
    stays as it was.
    """
    if entry.cancelled_at is not None:
        return frozenset()
    if not entry.run_here or entry.opened_at is None:
        return None
    if feedback_overdue(entry, in_london(now).date()):
        return _ONCE_OVERDUE
    return {EntryState.OPEN: _ONCE_OPEN, EntryState.CLOSED: _ONCE_CLOSED}.get(state(entry, now), frozenset())
