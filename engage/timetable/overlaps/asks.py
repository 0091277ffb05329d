"""How often each group is asked in each month of a year. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engage.foundations.clock import in_london
from engage.timetable import rules as timetable

MONTHS = range(1, 13)
# Asked by so many at once, a shade each, the last for all that are more.
STEPS = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Asked:
    """A group with the entries that ask it or a group below it: by month, and over the whole year."""

    group_id: int
    by_month: tuple[int, ...]
    in_year: int

    @property
    def at_most(self) -> int:
        """The most entries that ask it in one month."""
        return max(self.by_month)


def months_open(opens_at: datetime, closes_at: datetime, year: int) -> Iterator[int]:
    """Yield the months of `year`, from 1, in which people can answer on at least one day."""
    begins, ends = in_london(opens_at).date(), timetable.last_day(closes_at)
    for month in MONTHS:
        first = date(year, month, 1)
        if begins < timetable.months_later(first, 1) and ends >= first:
            yield month


def counted(
    windows: Mapping[int, tuple[datetime, datetime]],
    asked: Iterable[tuple[int, int]],
    above: Mapping[int, int],
    year: int,
) -> Mapping[int, Asked]:
    """Return, by group, how many entries ask it in each month of `year`; groups that none asks are left out.

    `windows` are the entries' openings and closings by id, `asked` pairs of entry and group, and `above` the
    group that each one belongs to. What asks a group asks those above it too, and each entry once.
    """
    bit = {entry_id: 1 << place for place, entry_id in enumerate(sorted(windows))}
    in_month = [0] * len(MONTHS)
    for entry_id, (opens_at, closes_at) in windows.items():
        for month in months_open(opens_at, closes_at, year):
            in_month[month - 1] |= bit[entry_id]
    of_group: dict[int, int] = {}
    for entry_id, group_id in asked:
        if entry_id in bit:
            of_group[group_id] = of_group.get(group_id, 0) | bit[entry_id]
    for group_id, entries in list(of_group.items()):
        for each in _all_above(group_id, above):
            of_group[each] = of_group.get(each, 0) | entries
    this_year = 0
    for entries in in_month:
        this_year |= entries
    return {
        group_id: Asked(
            group_id,
            tuple((entries & month).bit_count() for month in in_month),
            (entries & this_year).bit_count(),
        )
        for group_id, entries in of_group.items()
        if entries & this_year
    }


def shade(entries: int) -> int:
    """Return the step of shade for a number of entries in one month."""
    return min(entries, STEPS[-1])


def _all_above(group_id: int, above: Mapping[int, int]) -> Iterator[int]:
    met = {group_id}
    each = above.get(group_id)
    while each is not None and each not in met:
        met.add(each)
        yield each
        each = above.get(each)
