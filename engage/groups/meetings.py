"""A year of meetings from a few words: days as people write them, the same weekday again and again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum

from engage.foundations.clock import in_london, london_moment
from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused

MOST_AT_ONCE = 60
YEARS = range(1950, 2100)
MONTHS_OF_A_YEAR = 12
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+")
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.? (\d{4})")
_IN_FIGURES = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class Rhythm(StrEnum):
    """How often a meeting comes again within a year."""

    ONCE = "once"
    MONTHLY = "monthly"
    TWO_MONTHLY = "two_monthly"
    QUARTERLY = "quarterly"


RHYTHMS: Mapping[Rhythm, Text] = {
    Rhythm.ONCE: lazy("Only on the days above"),
    Rhythm.MONTHLY: lazy("Every month for a year"),
    Rhythm.TWO_MONTHLY: lazy("Every two months for a year"),
    Rhythm.QUARTERLY: lazy("Every three months for a year"),
}
_STEPS = {Rhythm.MONTHLY: 1, Rhythm.TWO_MONTHLY: 2, Rhythm.QUARTERLY: 3}


def days_in(text: str) -> list[date]:
    """Return the days that are written in `text`, one on a line, each once, the first first.

    Raises `Refused`, quoting the line that is no day, where there is none, and where there are too many.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refused(lazy("Enter the day of the meeting, like 6 October 2026."), "days")
    if len(lines) > MOST_AT_ONCE:
        raise Refused(lazy("Enter at most %(most)s days at once.", most=MOST_AT_ONCE), "days")
    return sorted({_day(line) for line in lines})


def day_in(line: str) -> date | None:
    """Return the day that is written as 6 October 2026, 6/10/2026 or 2026-10-06, None for anything else."""
    plain = _WEEKDAY.sub("", " ".join(line.lower().split()), count=1)
    if found := _ISO.fullmatch(plain):
        year, month, number = map(int, found.groups())
    elif found := _IN_FIGURES.fullmatch(plain):
        number, month, year = map(int, found.groups())
    elif (found := _IN_WORDS.fullmatch(plain)) and (month := _month(found[2])):
        number, year = int(found[1]), int(found[3])
    else:
        return None
    try:
        day = date(year, month, number)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _month(word: str) -> int:
    """Return the number of the month that begins with these three letters or more, 0 where none does."""
    return next((number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word)), 0)


def moments(days: Sequence[date], rhythm: Rhythm, at: time) -> list[datetime]:
    """Return, in UTC, when the meetings begin: at `at` by London's clocks on each day.

    With a rhythm each day is the first of a year of them, on the same weekday of the month (the second
    Tuesday), which in a month without a fifth one is the last.
    """
    every = {each for day in days for each in _year_from(day, rhythm)}
    return [london_moment(day, at) for day in sorted(every)]


def _year_from(day: date, rhythm: Rhythm) -> list[date]:
    step = _STEPS.get(rhythm)
    if step is None:
        return [day]
    which = (day.day - 1) // 7
    return [_nth(day, months, which) for months in range(0, MONTHS_OF_A_YEAR, step)]


def _nth(day: date, months: int, which: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(years, month + 1, 1)
    number = 1 + (day.weekday() - first.weekday()) % 7 + 7 * which
    try:
        return first.replace(day=number)
    except ValueError:
        return first.replace(day=number - 7)


def _day(line: str) -> date:
    day = day_in(line)
    if day is None:
        raise Refused(lazy("“%(line)s” is not a day: write it like 6 October 2026.", line=line[:60]), "days")
    return day


def written(moment: datetime) -> str:
    """Return a moment as a spreadsheet has it (2026-10-06 19:00), by London's clocks.

    The second of two hours that clocks show alike in October carries its distance from UTC.
    """
    local = in_london(moment)
    if london_moment(local.date(), local.time().replace(fold=0)) != moment:
        return local.isoformat(timespec="minutes")
    return f"{local:%Y-%m-%d %H:%M}"


def read(text: str) -> datetime | None:
    """Return the moment that `written` wrote, or that a spreadsheet made of it; None for anything else."""
    plain = " ".join(text.replace("T", " ").split())
    day_text, _, clock_text = plain.partition(" ")
    day = day_in(day_text)
    try:
        at = time.fromisoformat(clock_text if len(clock_text.partition(":")[0]) == 2 else f"0{clock_text}")
    except ValueError:
        return None
    if day is None:
        return None
    if at.tzinfo is not None:
        return datetime.combine(day, at)
    return london_moment(day, at)
