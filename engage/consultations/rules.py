"""The life of a consultation: which state follows which, and what opening demands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from engage.foundations.language import Text, lazy
from engage.timetable import rules as timetable
from engage.timetable.notices.rules import listed


class State(StrEnum):
    """Where a consultation stands; the order is the order of its life."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    ANALYSED = "analysed"
    DECIDED = "decided"
    FED_BACK = "fed_back"


LIFE = tuple(State)
# One step at a time and never back: what people were told of a state stays true.
FOLLOWS = dict(pairwise(LIFE))


# How long after the closing somebody who began before it may still send; published where people begin.
GRACE_MINUTES = 30
GRACE = timedelta(minutes=GRACE_MINUTES)


# Words that stand for something else where an address has an instrument's short name.
TAKEN_CODES = frozenset({"received", "about-you"})


def may_move(before: State, after: State) -> bool:
    """Tell whether a consultation in `before` may become `after`."""
    return FOLLOWS.get(before) is after


def is_open(state: State, closes_at: datetime, now: datetime) -> bool:
    """Tell whether people can answer: at the closing they cannot, whether or not it has been recorded."""
    return state is State.OPEN and now < closes_at


def in_grace(state: State, closes_at: datetime, grace_ends_at: datetime, now: datetime) -> bool:
    """Tell whether it is closed, and takes what was begun before that."""
    over = state is State.CLOSED or (state is State.OPEN and now >= closes_at)
    return over and now < grace_ends_at


def has_reached(state: State, milestone: State) -> bool:
    """Tell whether a consultation in `state` has come to `milestone` or past it."""
    return LIFE.index(state) >= LIFE.index(milestone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What opening is decided on.

    `opening_at` is when people could begin, `instruments` how many questionnaires there are, and
    `without_notice` the names of those whose version tells nobody what becomes of the answers.
    `short_of_notice` names the groups that would have had less than three months; None where no groups are
    asked, and the entry's own day of notice decides.
    """

    opening_at: datetime
    closes_at: datetime
    purpose: str = ""
    can_change: str = ""
    cannot_change: str = ""
    decision_maker: str = ""
    audience: str = ""
    how_to_take_part: str = ""
    duty: str | None = None
    decision_due_on: date | None = None
    feedback_due_on: date | None = None
    feedback_late_reason: str = ""
    notice_given_on: date | None = None
    urgent_reason: str = ""
    urgent_authorised_by: str = ""
    instruments: int = 0
    without_notice: tuple[str, ...] = ()
    short_of_notice: tuple[str, ...] | None = None


class Missing(NamedTuple):
    """One thing without which a consultation cannot open.

    `field` is the field of the entry's form that holds it, empty where it is not part of the entry.
    """

    code: str
    sentence: Text
    field: str


class Demand(NamedTuple):
    """One thing that opening demands, what it is called when it is there, and how to tell."""

    code: str
    name: Text
    sentence: Text
    field: str
    met: Callable[[Facts], bool]


def _decision_after_close(facts: Facts) -> bool:
    due = facts.decision_due_on
    return due is not None and timetable.decided_after_close(facts.closes_at, due)


def _feedback_in_time(facts: Facts) -> bool:
    due = facts.feedback_due_on
    if due is None or due <= timetable.last_day(facts.closes_at):
        return False
    return timetable.feedback_in_time(facts.closes_at, due) or bool(facts.feedback_late_reason.strip())


def _noticed(facts: Facts) -> bool:
    if facts.urgent_reason.strip() and facts.urgent_authorised_by.strip():
        return True
    if facts.short_of_notice is not None:
        return not facts.short_of_notice
    return timetable.notice_ok(facts.notice_given_on, facts.opening_at)


DEMANDS = (
    Demand(
        "purpose", lazy("Its purpose"),
        lazy("Say what the consultation is for."),
        "purpose", lambda facts: bool(facts.purpose.strip()),
    ),
    Demand(
        "can_change", lazy("What can change"),
        lazy("Say what people’s answers can change."),
        "can_change", lambda facts: bool(facts.can_change.strip()),
    ),
    Demand(
        "cannot_change", lazy("What cannot change"),
        lazy("Say what is already settled and cannot change."),
        "cannot_change", lambda facts: bool(facts.cannot_change.strip()),
    ),
    Demand(
        "audience", lazy("Who is asked"),
        lazy("Say who is asked."),
        "audience", lambda facts: bool(facts.audience.strip()),
    ),
    Demand(
        "how_to_take_part", lazy("How to take part"),
        lazy("Say how people can take part."),
        "how_to_take_part", lambda facts: bool(facts.how_to_take_part.strip()),
    ),
    Demand(
        "duty", lazy("The duty it serves"),
        lazy("Name the legal duty it serves, or say that there is none."),
        "duty", lambda facts: facts.duty is not None,
    ),
    Demand(
        "notice", lazy("Three months’ notice, or a reason for less"),
        lazy("Give groups three months’ notice, or publish why it is urgent and who allowed it."),
        "notice_given_on", _noticed,
    ),
    Demand(
        "closing", lazy("A closing in the future"),
        lazy("Set a last day to answer that is still to come."),
        "closes_at", lambda facts: facts.closes_at > facts.opening_at,
    ),
    Demand(
        "decision_maker", lazy("Who decides"),
        lazy("Say who will decide."),
        "decision_maker", lambda facts: bool(facts.decision_maker.strip()),
    ),
    Demand(
        "decision_date", lazy("A decision date after the close"),
        lazy("Give the date of the decision, after the last day to answer."),
        "decision_due_on", _decision_after_close,
    ),
    Demand(
        "feedback_date", lazy("A feedback date within 12 weeks, or a reason for later"),
        lazy("Give the date of the feedback: within 12 weeks of closing, or with a published reason."),
        "feedback_due_on", _feedback_in_time,
    ),
    Demand(
        "instrument", lazy("A questionnaire"),
        lazy("Add at least one questionnaire."),
        "", lambda facts: facts.instruments > 0,
    ),
    Demand(
        "privacy_notice", lazy("A privacy notice in every questionnaire"),
        lazy("Publish a privacy notice with each questionnaire, and give that version out."),
        "", lambda facts: not facts.without_notice,
    ),
)  # fmt: skip


def missing_to_open(facts: Facts) -> tuple[Missing, ...]:
    """Return what keeps a consultation from opening at `facts.opening_at`; empty where nothing does."""
    return tuple(
        Missing(demand.code, _sentence(demand, facts), demand.field)
        for demand in DEMANDS
        if not demand.met(facts)
    )


def _sentence(demand: Demand, facts: Facts) -> Text:
    if demand.code == "notice" and facts.short_of_notice:
        return lazy(
            "Less than three months’ notice for: %(groups)s. Give them notice and wait, or publish why it is "
            "urgent and who allowed it.",
            groups=listed(facts.short_of_notice),
        )
    return demand.sentence
