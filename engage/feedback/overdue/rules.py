"""When feedback is overdue, and what may be said of a delay. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engage.foundations.language import Text, lazy
from engage.plan_export.deciding.phrases import find_empty
from engage.timetable.rules import FEEDBACK_WITHIN

LONGEST_REASON = 1000
# A day further off than this is a slip of the pen, or no promise.
FURTHEST = timedelta(days=366)
# What is said of any delay, and tells nobody what happened; besides what is no reason for a decision either.
EMPTY = (
    "unforeseen circumstances",
    "beyond our control",
    "in due course",
    "as soon as possible",
    "administrative reasons",
    "technical reasons",
    "internal reasons",
)


@dataclass(frozen=True, slots=True)
class Delay:
    """What an officer said on a day: by when the feedback is to come instead, and why it is late."""

    said_on: date
    expected_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Owed:
    """Feedback that has not come to everybody, as it stands on `today`. `delay`: the last that was said.

    The day it was due never moves: a later one given with a reason is told beside it. `reason` may be there
    without a delay: published with the entry, for feedback that was to take longer from the beginning.
    """

    slug: str
    title: str
    last_day: date
    due_on: date
    reason: str
    delay: Delay | None
    is_published: bool
    today: date

    @property
    def is_overdue(self) -> bool:
        """Whether the day it was due has passed."""
        return self.today > self.due_on

    @property
    def overdue_since(self) -> date:
        """The first day on which it is late."""
        return self.due_on + timedelta(days=1)

    @property
    def keeps_promise(self) -> bool:
        """Whether it was to come within the 12 weeks that everybody is promised."""
        return self.due_on <= self.last_day + FEEDBACK_WITHIN

    @property
    def is_late_again(self) -> bool:
        """Whether the day that was given instead has passed, too."""
        return self.delay is not None and self.today > self.delay.expected_on


def problem_with_day(expected_on: date, *, due_on: date, today: date) -> Text | None:
    """Return the sentence that refuses a new day for late feedback, None for one that may be published."""
    if expected_on <= due_on:
        return lazy("Give a day after the one on which feedback was due.")
    if expected_on <= today:
        return lazy("Give a day that is still to come.")
    if expected_on > today + FURTHEST:
        return lazy("Give a day within a year.")
    return None


def problem_with_reason(reason: str) -> Text | None:
    """Return the sentence that refuses a reason, None for one that says something."""
    if not reason.strip():
        return lazy("Say why the feedback is late. Everybody can read it.")
    if len(reason) > LONGEST_REASON:
        return lazy("Use at most %(most)s characters.", most=LONGEST_REASON)
    if found := find_empty(reason):
        return found.refusal
    plain = " ".join(reason.casefold().split())
    if quoted := next((phrase for phrase in EMPTY if phrase in plain), None):
        return lazy(
            "“%(quoted)s” gives no reason. Say what happened, or what has to be done first.", quoted=quoted
        )
    return None
