"""When two entries overlap, what they share, and what to do about it. Pure decisions on plain values.

The 2008 review of consultation asked police, authorities and partnerships to consult together, so that
nobody is asked the same twice; what is found here is meant to lead to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engage.foundations.clock import in_london, london_moment
from engage.groups.rules import Community
from engage.timetable import rules as timetable
from engage.timetable.overlaps import alike
from engage.timetable.rules import Outcome, Topic

# Volunteers pass one thing on at a time: two that follow each other closer than this burden them as one.
MARGIN = timedelta(days=14)
# What says nothing of what is asked, or of whom: sharing it is sharing nothing.
SAYS_NOTHING = frozenset({Topic.OTHER.value, Community.EVERYBODY.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An entry as overlaps are found by. `area_code` None means all of London.

    `groups` are those asked to pass it on, `above` the groups that these belong to.
    """

    id: int
    title: str
    opens_at: datetime
    closes_at: datetime
    area_code: str | None = None
    topics: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    groups: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    opened: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """What two entries share: groups asked, and in the same place topics, audiences or nearly a title."""

    groups: frozenset[int] = frozenset()
    topics: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    title: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups or self.topics or self.audiences or self.title)


@dataclass(frozen=True, slots=True)
class Finding:
    """Two entries that overlap, the lower id first, and what they share."""

    first: Plan
    second: Plan
    shared: Shared

    @property
    def pair(self) -> tuple[int, int]:
        """The ids of the two, the lower first."""
        return self.first.id, self.second.id

    @property
    def days_together(self) -> int:
        """How many days both are open; 0 where one follows the other within the margin."""
        both = min(self.first.closes_at, self.second.closes_at) - max(
            self.first.opens_at, self.second.opens_at
        )
        return max(0, -(-both // timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do about a finding; for a move, which entry and when it could open and close instead."""

    outcome: Outcome
    move_id: int | None = None
    opens_on: date | None = None
    last_day: date | None = None


def windows_meet(one: Plan, other: Plan) -> bool:
    """Tell whether the open windows of two entries meet, or come closer than the margin."""
    return one.opens_at < other.closes_at + MARGIN and other.opens_at < one.closes_at + MARGIN


def same_place(one: str | None, other: str | None) -> bool:
    """Tell whether two areas have people in common: the same borough, or one of them is all of London."""
    return one is None or other is None or one == other


def shared(one: Plan, other: Plan, *, titles_alike: bool | None = None) -> Shared:
    """Return what two entries share; false where it is nothing that makes them overlap.

    A group is shared where both ask it, and where one asks it and the other a group that belongs to it.
    Topics, audiences and titles count where people of the same place are asked. That both ask everybody, or
    something that has no topic, is not shared: it is so of most.
    """
    groups = (one.groups & (other.groups | other.above)) | (other.groups & one.above)
    if not same_place(one.area_code, other.area_code):
        return Shared(groups)
    if titles_alike is None:
        titles_alike = alike.are_alike(alike.words_of(one.title), alike.words_of(other.title))
    return Shared(
        groups=groups,
        topics=(one.topics & other.topics) - SAYS_NOTHING,
        audiences=(one.audiences & other.audiences) - SAYS_NOTHING,
        title=titles_alike,
    )


def movable(finding: Finding, now: datetime) -> list[Plan]:
    """Return which of the two have not opened at `now`, so that something can still be done about them."""
    return [plan for plan in (finding.first, finding.second) if not plan.opened and plan.opens_at > now]


def suggestion(finding: Finding, plans: Iterable[Plan], now: datetime) -> Suggestion:
    """Return what to do about a finding at `now`; `plans` are all that a move must keep clear of.

    Two that are about the same and have not opened are joined up. Otherwise the one that has not opened, or
    the later of two, is moved to its first free window. Where both are open already they are kept apart.
    """
    about_the_same = finding.shared.topics or finding.shared.title
    can_move = movable(finding, now)
    if len(can_move) == 2 and about_the_same:
        return Suggestion(Outcome.JOIN_UP)
    if not can_move:
        return Suggestion(Outcome.KEEP_APART)
    plan = max(can_move, key=lambda plan: (plan.opens_at, plan.id))
    opens_at = first_free(plan, plans)
    lasts = plan.closes_at - plan.opens_at
    return Suggestion(
        Outcome.MOVE,
        plan.id,
        in_london(opens_at).date(),
        timetable.last_day(opens_at + lasts),
    )


def first_free(plan: Plan, plans: Iterable[Plan]) -> datetime:
    """Return the first opening, not before its own, at which `plan` overlaps none of `plans`.

    It stays open as long as it was to be. Later is never less notice, so the groups keep their three months.
    """
    others = sorted(
        (other for other in plans if other.id != plan.id and shared(plan, other)),
        key=lambda other: (other.opens_at, other.id),
    )
    opens_at, lasts = plan.opens_at, plan.closes_at - plan.opens_at
    for other in others:
        if opens_at < other.closes_at + MARGIN and other.opens_at < opens_at + lasts + MARGIN:
            opens_at = _same_hour(other.closes_at + MARGIN, plan.opens_at)
    return opens_at


def _same_hour(earliest: datetime, as_was: datetime) -> datetime:
    """Return the first moment from `earliest` on at which London's clocks show the hour that they did."""
    at = in_london(as_was).timetz().replace(tzinfo=None)
    day = in_london(earliest).date()
    from_then = london_moment(day, at)
    return from_then if from_then >= earliest else london_moment(day + timedelta(days=1), at)
