"""Who of a panel is asked next, and when somebody may be reminded. Pure, so that a draw can be repeated."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from engage.distribution.rules import Shown

YEAR = timedelta(days=365)
# A round of this many times the disclosure threshold, at least: of few people asked, an answer that came by
# an invitation would point at them.
SMALLEST_ROUND = 2
LARGEST_ROUND = 5_000
LARGEST_FILE = 5_000
# Those who never said yes are forgotten.
CONSENT_WAITS = timedelta(days=30)
REMINDER_WAITS = timedelta(days=1)
NO_REMINDER_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on a panel. `asked` counts the last year, `last_asked` looks back for ever."""

    id: UUID
    area_code: str | None = None
    asked: int = 0
    last_asked: date | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a panel asks anybody: not again within `rest_days`, `most_a_year` in a year."""

    rest_days: int
    most_a_year: int


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who may be asked, and how many may not: because they were lately, or often enough."""

    candidates: tuple[Candidate, ...]
    resting: int
    asked_enough: int

    @property
    def looked_at(self) -> int:
        """How many there were in all."""
        return len(self.candidates) + self.resting + self.asked_enough


def eligible(candidates: Iterable[Candidate], limits: Limits, today: date) -> Eligible:
    """Part those who may be asked today from those who are left in peace."""
    may: list[Candidate] = []
    resting = enough = 0
    for candidate in candidates:
        if candidate.asked >= limits.most_a_year:
            enough += 1
        elif is_resting(candidate.last_asked, limits.rest_days, today):
            resting += 1
        else:
            may.append(candidate)
    return Eligible(tuple(may), resting, enough)


def is_resting(last_asked: date | None, rest_days: int, today: date) -> bool:
    """Tell whether somebody was asked so lately that they are left in peace."""
    return last_asked is not None and today - last_asked < timedelta(days=rest_days)


def draw(
    candidates: Iterable[Candidate], size: int, seed: str, residents: Mapping[str, int] | None = None
) -> list[Candidate]:
    """Return up to `size` of the candidates: those asked least first, then longest ago, then by lot.

    The lot follows from `seed`: the same candidates with the same seed are the same draw, in whatever order
    they come. With `residents` (by area) the places are shared out by them; those of no such area, and
    places that an area cannot fill, come last.
    """
    ranked = sorted(candidates, key=lambda candidate: _turn(candidate, seed))
    if residents is None:
        return ranked[:size]
    by_area: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in ranked:
        if candidate.area_code is not None and candidate.area_code in residents:
            by_area[candidate.area_code].append(candidate)
    there = {area: len(waiting) for area, waiting in by_area.items()}
    places = share_out(size, {area: residents[area] for area in there}, there)
    chosen = {candidate.id for area, n in places.items() for candidate in by_area[area][:n]}
    elsewhere = [candidate for candidate in ranked if candidate.area_code not in residents]
    chosen |= {candidate.id for candidate in elsewhere[: max(size - len(chosen), 0)]}
    return [candidate for candidate in ranked if candidate.id in chosen]


def share_out(size: int, weights: Mapping[str, int], there: Mapping[str, int]) -> dict[str, int]:
    """Share `size` places out by `weights` with the largest remainders, none more than it has (`there`).

    What one cannot fill is shared out again among the others.
    """
    given: Counter[str] = Counter()
    left = min(size, sum(there.values()))
    while left:
        open_ = {area: weights[area] for area in weights if given[area] < there[area]}
        total = sum(open_.values())
        exact = {area: left * weight / total if total else 0.0 for area, weight in open_.items()}
        round_ = {area: min(int(share), there[area] - given[area]) for area, share in exact.items()}
        if not any(round_.values()):
            fullest = sorted(open_, key=lambda area: (-(exact[area] - int(exact[area])), area))
            round_ = dict.fromkeys(fullest[:left], 1)
        given.update(round_)
        left -= sum(round_.values())
    return {area: n for area, n in given.items() if n}


def by_area(chosen: Iterable[Candidate]) -> dict[str | None, int]:
    """Return how many are asked in each area, by its code; None are those who did not say where they live."""
    counts = Counter(candidate.area_code for candidate in chosen)
    return {area: counts[area] for area in sorted(counts, key=lambda area: area or "")}


def few(areas: Iterable[str | None], threshold: int) -> int:
    """Return in how many areas somebody is asked, but fewer than the threshold."""
    return sum(1 for n in Counter(areas).values() if n < threshold)


def may_remind(
    *, asked_at: datetime, reminded_at: datetime | None, closes_at: datetime, is_open: bool, now: datetime
) -> bool:
    """Tell whether those of a round who have not answered may be reminded: once, not at either end."""
    in_time = asked_at + REMINDER_WAITS <= now < closes_at - NO_REMINDER_WITHIN
    return is_open and reminded_at is None and in_time


def shown_of(part: int, whole: int, threshold: int) -> Shown:
    """Return how many of `whole` may be said to have done something: neither few, nor nearly everybody.

    Nought is withheld too, and so is the whole: both would say of each person what they did.
    """
    if part < threshold or whole - part < threshold:
        return Shown(None, threshold if part < threshold else None)
    return Shown(part)


def _turn(candidate: Candidate, seed: str) -> tuple[int, date, bytes]:
    lot = hashlib.sha256(f"{seed} {candidate.id}".encode()).digest()
    return candidate.asked, candidate.last_asked or date.min, lot
