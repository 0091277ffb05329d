"""The dates of an entry as a line from notice to feedback: what has happened, what is due, what is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy
from engage.timetable import rules
from engage.timetable.queries import Listed
from engage.timetable.rules import EntryState


class Standing(StrEnum):
    """How a date stands at a moment."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    LATE = "late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One date: its name, the day or moment (None where none is set), a note, and how it stands."""

    name: Text
    when: date | datetime | None
    note: Text
    standing: Standing


def timeline(entry: Listed, now: datetime) -> tuple[Step, ...]:
    """Return notice, opening, last day, decision and feedback of `entry`, as they stand at `now`.

    The line of a cancelled entry ends where it was cancelled.
    """
    return tuple(_steps(entry, rules.state(entry, now), now))


def _steps(entry: Listed, state: EntryState, now: datetime) -> Iterator[Step]:
    today = in_london(now).date()
    yield _notice(entry, today)
    if state is EntryState.CANCELLED:
        if entry.opened_at is not None:
            yield Step(lazy("Opened"), entry.opened_at, "", Standing.DONE)
        yield Step(lazy("Cancelled"), entry.cancelled_at, entry.cancelled_reason, Standing.DONE)
        return
    yield _opening(entry, state, now)
    yield _closing(entry, state)
    yield _decision(entry, today)
    yield _feedback(entry, today)


def _notice(entry: Listed, today: date) -> Step:
    name = lazy("Groups are told")
    on = entry.notice_given_on
    if on is None:
        return Step(name, None, lazy("Not yet"), Standing.UNKNOWN)
    short = not rules.notice_ok(on, entry.opened_at or entry.opens_at)
    note = lazy("Less than three months before the opening") if short else ""
    return Step(name, on, note, Standing.AHEAD if on > today else Standing.DONE)


def _opening(entry: Listed, state: EntryState, now: datetime) -> Step:
    if state is EntryState.FORTHCOMING:
        late = rules.late_to_open(entry, now)
        note = lazy("This day has come, and it has not opened yet") if late else ""
        return Step(lazy("Opens"), entry.opens_at, note, Standing.LATE if late else Standing.AHEAD)
    return Step(lazy("Opened"), entry.opened_at or entry.opens_at, "", Standing.DONE)


def _closing(entry: Listed, state: EntryState) -> Step:
    if state in (EntryState.OPEN, EntryState.FORTHCOMING):
        standing = Standing.NOW if state is EntryState.OPEN else Standing.AHEAD
        return Step(lazy("Last day to answer"), rules.closing_said(entry.closes_at), "", standing)
    closed_at = min(entry.closed_at or entry.closes_at, entry.closes_at)
    return Step(lazy("Closed"), rules.closing_said(closed_at), "", Standing.DONE)


def _decision(entry: Listed, today: date) -> Step:
    name, due = lazy("Decision"), entry.decision_due_on
    note = lazy("By %(who)s", who=entry.decision_maker) if entry.decision_maker else ""
    if due is None:
        return Step(name, None, note or lazy("No date yet"), Standing.UNKNOWN)
    return Step(name, due, note, Standing.AHEAD if due > today else Standing.DONE)


def _feedback(entry: Listed, today: date) -> Step:
    due = entry.feedback_due_on
    if entry.fed_back_at is not None:
        return Step(lazy("Feedback given"), in_london(entry.fed_back_at).date(), "", Standing.DONE)
    if due is None:
        return Step(lazy("Feedback"), None, lazy("No date yet"), Standing.UNKNOWN)
    if rules.feedback_overdue(entry, today):
        return Step(lazy("Feedback was due"), due, lazy("Overdue: it has not been given"), Standing.LATE)
    return Step(lazy("Feedback due by"), due, entry.feedback_late_reason, Standing.AHEAD)
