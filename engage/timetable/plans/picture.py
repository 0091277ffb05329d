"""Where everything stands in the picture of plans: lengths in pixels, from the top left. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from engage.timetable.plans.rules import YEARS_SHOWN, Line, shown_from
from engage.timetable.rules import PlanTier

MONTH = 43
LEFT, RIGHT = 12, 24
TOP = 52
HEADING, ROW, BAR = 40, 48, 16
# Of a letter of a label: wide enough that none is cut off at the right edge.
LETTER = 7.6


@dataclass(frozen=True, slots=True)
class Bar:
    """A line's bar, and where its words begin (or end, where they stand at the right edge)."""

    line: Line
    x: float
    y: float
    width: float
    words_x: float
    words_end: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a tier, and the height at which it stands."""

    tier: PlanTier
    y: float


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the scale: its first day and where it begins."""

    first: date
    x: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn. `arrows` are paths from a bar to the one it feeds; `today` may be None."""

    width: float
    height: float
    months: tuple[Month, ...]
    headings: tuple[Heading, ...]
    bars: tuple[Bar, ...]
    arrows: tuple[str, ...]
    today: float | None


def drawn(lines: Sequence[Line], year: int, today: date, words: Sequence[str]) -> Picture:
    """Return the picture of `lines`, whose labels are `words` in the same order."""
    first, last = shown_from(year)
    width = LEFT + MONTH * 12 * YEARS_SHOWN + RIGHT
    headings: list[Heading] = []
    bars: list[Bar] = []
    y: float = TOP
    said = iter(words)
    for tier, several in groupby(lines, key=lambda line: line.tier):
        headings.append(Heading(tier, y + HEADING - 14))
        y += HEADING
        for line in several:
            bars.append(_bar(line, y, first, last, width, next(said)))
            y += ROW
    return Picture(
        width=width,
        height=y + 12,
        months=tuple(_months(year)),
        headings=tuple(headings),
        bars=tuple(bars),
        arrows=tuple(_arrows(bars)),
        today=x_of(today, year) if first <= today <= last else None,
    )


def x_of(day: date, year: int) -> float:
    """Return where `day` begins; months are as wide as each other, days as their month has them."""
    months = (day.year - year) * 12 + day.month - 1
    return LEFT + round(MONTH * (months + (day.day - 1) / monthrange(day.year, day.month)[1]), 1)


def end_of(day: date, year: int) -> float:
    """Return where `day` ends."""
    months = (day.year - year) * 12 + day.month - 1
    return LEFT + round(MONTH * (months + day.day / monthrange(day.year, day.month)[1]), 1)


def _bar(line: Line, top: float, first: date, last: date, width: float, words: str) -> Bar:
    x = x_of(max(line.starts_on, first), first.year)
    end = end_of(min(line.ends_on, last), first.year)
    room = len(words) * LETTER
    at_the_edge = x + room > width - 4
    return Bar(
        line=line,
        x=x,
        y=top + 24,
        width=max(4.0, round(end - x, 1)),
        words_x=max(end, room + 4) if at_the_edge else x,
        words_end=at_the_edge,
    )


def _months(year: int) -> Iterator[Month]:
    for number in range(12 * YEARS_SHOWN):
        first = date(year + number // 12, number % 12 + 1, 1)
        yield Month(first, x_of(first, year))


def _arrows(bars: Sequence[Bar]) -> Iterator[str]:
    """Yield a path for each bar that feeds one in the picture: out of its end, and into the other's side."""
    of_number = {bar.line.number: bar for bar in bars}
    for bar in bars:
        target = of_number.get(bar.line.feeds or 0)
        if target is None:
            continue
        out, into = bar.x + bar.width, target.y + BAR / 2
        start = bar.y + BAR / 2
        drop = max(bar.x + 2, out - 8)
        if target.x >= out + 16:
            yield f"M{out:g} {start:g}H{target.x - 8:g}V{into:g}H{target.x:g}"
        elif target.y > bar.y and target.x >= drop + 6:
            # It begins where this one ends: down from its end, and in from the left, clear of its words.
            yield f"M{drop:g} {bar.y + BAR:g}V{into:g}H{target.x:g}"
        else:
            # What it feeds begins before it ends: from below or above, into the other's top or bottom.
            down = target.y > bar.y
            edge = target.y if down else target.y + BAR
            beside = edge - 8 if down else edge + 8
            yield f"M{out:g} {start:g}H{out + 8:g}V{beside:g}H{_inside(target, out):g}V{edge:g}"


def _inside(target: Bar, wanted: float) -> float:
    """Return a place along the target's side that is as near to `wanted` as the bar goes."""
    return min(max(wanted, target.x + 6), target.x + max(6.0, target.width - 6))
