"""What a vote by show of hands may be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engage.consultations.rules import State
from engage.foundations.clock import in_london
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.kinds.base import Question
from engage.timetable.rules import last_day

# Kinds a meeting can vote on by show of hands, each with how often one person may raise a hand.
VOTED_ON = ("priorities_list", "one_choice", "several_choices")
MOST_THERE = 100_000
HOW_MANY = lazy("Write how many were there: 1 to %(most)s.", most=f"{MOST_THERE:,}")
MAY_NOTE = (State.OPEN, State.CLOSED)


def can_be_voted_on(question: Question) -> bool:
    """Tell whether a meeting can vote on a question by show of hands."""
    return question.kind in VOTED_ON


def hands_each(question: Question) -> int:
    """Return how often one person may raise a hand: as often as they could choose on the form."""
    if question.kind == "one_choice":
        return 1
    at_most: int | None = getattr(question, "at_most", None)
    return at_most or len(question.marks)


def refuse_noting(state: State) -> None:
    """Raise `Refused` unless votes may be noted now: from the opening until the responses are analysed."""
    if state in (State.PLANNED, State.ANNOUNCED):
        raise Refused(lazy("The consultation is not open yet, so no meeting can have voted."))
    if state not in MAY_NOTE:
        raise Refused(lazy("The responses have been analysed, so votes are not changed any more."))


def refuse_day(held_on: date, *, opened_at: datetime, closing: datetime, today: date) -> None:
    """Raise `Refused` beside `held_on` unless people could answer on the day of the meeting."""
    if held_on > today:
        raise Refused(lazy("This day is still to come. Note the vote once the meeting was held."), "held_on")
    if held_on < in_london(opened_at).date():
        raise Refused(lazy("The consultation was not open yet on this day."), "held_on")
    if held_on > last_day(closing):
        raise Refused(lazy("The consultation was closed on this day."), "held_on")


def refuse_votes(question: Question, votes: Mapping[str, int], attendance: int) -> None:
    """Raise `Refused` where there were more hands than people there could have raised.

    An error about one option is beside `hands_<code>`, others beside `attendance`.
    """
    if not 1 <= attendance <= MOST_THERE:
        raise Refused(HOW_MANY, "attendance")
    for code, hands in votes.items():
        if code not in question.marks or hands < 0:
            raise Refused(lazy("Write how many hands, in figures; 0 for none."), f"hands_{code}")
        if hands > attendance:
            raise Refused(
                lazy(
                    "%(hands)s hands are more than the %(n)s who were there.",
                    hands=hands,
                    n=attendance,
                ),
                f"hands_{code}",
            )
    hands, most = sum(votes.values()), attendance * hands_each(question)
    if hands > most:
        raise Refused(
            lazy(
                "These are %(hands)s hands in all. %(n)s people with %(each)s each could raise %(most)s.",
                hands=hands,
                n=attendance,
                each=hands_each(question),
                most=most,
            ),
            "attendance",
        )
    if not hands:
        raise Refused(lazy("Write for what hands were raised."), "attendance")
