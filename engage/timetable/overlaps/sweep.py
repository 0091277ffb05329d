"""Finding every two entries that overlap, in one sweep through the year. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress

from engage.timetable.overlaps import alike
from engage.timetable.overlaps.rules import MARGIN, SAYS_NOTHING, Finding, Plan, shared


def findings(plans: Iterable[Plan]) -> list[Finding]:
    """Return every two of `plans` that overlap, by the days on which the second of them opens.

    One sweep in the order of opening keeps those whose windows still meet; what they share is first asked of
    one number for each, so that a thousand entries take a moment.
    """
    ordered = sorted(plans, key=lambda plan: (plan.opens_at, plan.id))
    titles = alike.pairs({plan.id: alike.words_of(plan.title) for plan in ordered})
    namesakes: dict[int, set[int]] = {}
    for earlier, later in titles:
        namesakes.setdefault(earlier, set()).add(later)
        namesakes.setdefault(later, set()).add(earlier)
    sweep = _Sweep(_Bits.of(ordered))
    found = []
    for plan in ordered:
        for other in sweep.meeting(plan, namesakes.get(plan.id, frozenset())):
            alike_too = other.id in namesakes.get(plan.id, ())
            if both := shared(plan, other, titles_alike=alike_too):
                first, second = (plan, other) if plan.id < other.id else (other, plan)
                found.append(Finding(first, second, both))
    return found


@dataclass(frozen=True, slots=True)
class _Bits:
    """A bit for each mark and each group: three numbers of an entry say whether it can share anything."""

    marks: Mapping[str, int]
    groups: Mapping[int, int]

    @classmethod
    def of(cls, plans: Sequence[Plan]) -> _Bits:
        marks = dict.fromkeys(sorted({mark for plan in plans for mark in marks_of(plan)}))
        groups = dict.fromkeys(sorted({group for plan in plans for group in plan.groups | plan.above}))
        return cls(
            {mark: 1 << place for place, mark in enumerate(marks)},
            {group: 1 << place for place, group in enumerate(groups)},
        )

    def of_marks(self, plan: Plan) -> int:
        """Return the bits of the plan's topics and audiences."""
        return sum(self.marks[mark] for mark in marks_of(plan))

    def of_groups(self, groups: Iterable[int]) -> int:
        """Return the bits of `groups`."""
        return sum(self.groups[group] for group in groups)


@dataclass(slots=True)
class _Sweep:
    """The entries met so far whose windows may still meet those to come, with their numbers beside them."""

    bits: _Bits
    plans: list[Plan] = field(default_factory=list)
    numbers: list[tuple[datetime, str | None, int, int, int]] = field(default_factory=list)

    def meeting(self, plan: Plan, namesakes: Iterable[int]) -> list[Plan]:
        """Return the earlier ones that `plan` may overlap, and keep it for those that follow."""
        named = frozenset(namesakes)
        marks = self.bits.of_marks(plan)
        asked, above = self.bits.of_groups(plan.groups), self.bits.of_groups(plan.above - plan.groups)
        either, area, opens = asked | above, plan.area_code, plan.opens_at
        keep = [number[0] > opens for number in self.numbers]
        self.plans, self.numbers = list(compress(self.plans, keep)), list(compress(self.numbers, keep))
        found = [
            other
            for other, (_, its_area, its_marks, its_asked, its_above) in zip(
                self.plans, self.numbers, strict=True
            )
            if (
                (marks & its_marks or (named and other.id in named))
                and (area is None or its_area is None or area == its_area)
            )
            or either & its_asked
            or asked & its_above
        ]
        self.plans.append(plan)
        self.numbers.append((plan.closes_at + MARGIN, area, marks, asked, above))
        return found


def marks_of(plan: Plan) -> set[str]:
    """Return the plan's topics and audiences as one set of names, without those that say nothing."""
    topics = {f"topic {topic}" for topic in plan.topics - SAYS_NOTHING}
    return topics | {f"audience {audience}" for audience in plan.audiences - SAYS_NOTHING}
