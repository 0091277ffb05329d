"""What may be decided, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from flask_babel.speaklater import LazyString

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
SHORTEST_REASON = 20
LONGEST_REASON = 4000
FEWEST_WORDS = 4
# The ranks that must be decided, with everybody who shares the last of them.
TOP = 5


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


def problem_with_day(decided_on: date, *, closed_on: date, counted_on: date, today: date) -> Text | None:
    """Return what is wrong with the day of a decision, None where it is possible.

    It follows the close of the consultation and the figures it names, and is not to come.
    """
    if decided_on < closed_on:
        return lazy(
            "The consultation closed on %(day)s: a decision cannot be older.", day=LazyString(day, closed_on)
        )
    if decided_on < counted_on:
        return lazy(
            "The figures are of %(day)s: a decision cannot be older.", day=LazyString(day, counted_on)
        )
    if decided_on > today:
        return lazy("This day is still to come: record the decision when it has been taken.")
    return None
