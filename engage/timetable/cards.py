"""An entry as lists and pages say it: the facts, and what they mean at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engage.foundations.clock import in_london
from engage.timetable import rules
from engage.timetable.queries import Listed
from engage.timetable.rules import EntryState


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as people see it at a moment."""

    entry: Listed
    state: EntryState
    last_day: date | datetime
    late_to_open: bool
    feedback_overdue: bool
    short_notice: bool


def card(entry: Listed, now: datetime) -> Card:
    """Return `entry` as people see it at `now`."""
    today = in_london(now).date()
    told, opening = entry.notice_given_on, entry.opened_at or entry.opens_at
    return Card(
        entry=entry,
        state=rules.state(entry, now),
        last_day=rules.closing_said(entry.closes_at),
        late_to_open=rules.late_to_open(entry, now),
        feedback_overdue=rules.feedback_overdue(entry, today),
        short_notice=told is not None and not rules.notice_ok(told, opening),
    )
