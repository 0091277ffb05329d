"""What may be decided, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from flask_babel.speaklater import LazyString

from engage.consultations.rules import State
from engage.foundations.language import Text, day, lazy


class Outcome(StrEnum):
    """What was decided on a priority."""

    ADOPTED = "adopted"
    IN_PART = "in_part"
    NOT_ADOPTED = "not_adopted"


class Subject(StrEnum):
    """What a decision is about: a priority of the framework, or a theme of people's own words."""

    PRIORITY = "priority"
    THEME = "theme"


class Standing(StrEnum):
    """How far a decision has been carried out."""

    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Gate(StrEnum):
    """What deciding asks first: the four Gunning principles, and the equality duty."""

    FORMATIVE = "formative"
    REASONS = "reasons"
    TIME = "time"
    CONSIDERATION = "consideration"
    EQUALITY = "equality"


OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.ADOPTED: lazy("Adopted"),
    Outcome.IN_PART: lazy("Adopted in part"),
    Outcome.NOT_ADOPTED: lazy("Not adopted"),
}
STANDINGS: Mapping[Standing, Text] = {
    Standing.UNDER_WAY: lazy("Under way"),
    Standing.DONE: lazy("Done"),
    Standing.DROPPED: lazy("Dropped"),
}
GATES: Mapping[Gate, Text] = {
    Gate.FORMATIVE: lazy("Asked while it could still change"),
    Gate.REASONS: lazy("Enough said to answer well"),
    Gate.TIME: lazy("Enough time"),
    Gate.CONSIDERATION: lazy("Answers read and weighed"),
    Gate.EQUALITY: lazy("Equality looked at"),
}
# Somebody owns whatever is going to be done.
OWNED = frozenset({Outcome.ADOPTED, Outcome.IN_PART})
# Whatever is not done, or not all of it, needs a reason that is one.
EXPLAINED = frozenset({Outcome.IN_PART, Outcome.NOT_ADOPTED})
NO_DIFFERENT_EFFECT: Text = lazy("We found no different effect because")
LONGEST_NAME = 200
TOO_LONG = lazy("Shorten it to %(most)s characters or fewer.", most=LONGEST_NAME)
SHORTEST_REASON = 20
LONGEST_REASON = 4000
FEWEST_WORDS = 4
# The ranks that must be decided, with everybody who shares the last of them.
TOP = 5
# What was decided is told, and a plan may be published of it, once the consultation is marked as decided.
# Before that a decision may still be taken back.
TOLD = frozenset({State.DECIDED, State.FED_BACK})


def problem_with_reason(reason: str) -> Text | None:
    """Return what is wrong with a reason that the public will read, None where it says something.

    A word, a number or the same word again ("n/a", "agreed", "see above") gives no reason.
    """
    words = re.findall(r"[^\W\d_]{2,}", reason.casefold())
    if not reason.strip():
        return lazy("Write the reason: everybody who took part will read it.")
    if len(reason.strip()) < SHORTEST_REASON or len(set(words)) < FEWEST_WORDS:
        return lazy("Say why in a sentence: everybody who took part will read it.")
    if len(reason) > LONGEST_REASON:
        return lazy("Shorten the reason to %(most)s characters or fewer.", most=f"{LONGEST_REASON:,}")
    return None


def problem_with_equality_note(note: str) -> Text | None:
    """Return what is wrong with what is said of a decision's effect on different people, None where it does.

    The sentence that is offered as a beginning must have been completed.
    """
    if not note.strip():
        return lazy("Say how the decision affects different groups of people.")
    starter = " ".join(str(NO_DIFFERENT_EFFECT).casefold().split())
    said = " ".join(note.casefold().split()).strip(" .…")
    rest = said.removeprefix(starter)
    if rest != said and len(set(re.findall(r"[^\W\d_]{2,}", rest))) < FEWEST_WORDS:
        return lazy("Finish the sentence: say why there is no different effect.")
    if problem_with_reason(note) is not None:
        return lazy("Say in a sentence how the decision affects different groups of people.")
    return None


def problem_with_day(
    decided_on: date, *, closed_on: date, counted_on: date, read_on: date, today: date
) -> Text | None:
    """Return what is wrong with the day of a decision, None where it is possible.

    It follows the close of the consultation, the report of its figures and the day on which a decision maker
    had read that, and is not to come. `counted_on` is the day of the report.
    """
    if decided_on < closed_on:
        return lazy(
            "The consultation closed on %(day)s: a decision cannot be older.", day=LazyString(day, closed_on)
        )
    if decided_on < counted_on:
        return lazy("The report is of %(day)s: a decision cannot be older.", day=LazyString(day, counted_on))
    if decided_on < read_on:
        return lazy(
            "The report was read on %(day)s: nothing can be decided on it before.",
            day=LazyString(day, read_on),
        )
    if decided_on > today:
        return lazy("This day is still to come: record the decision when it has been taken.")
    return None
