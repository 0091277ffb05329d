"""How the start pages put things: pure decisions on plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Protocol

from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy
from engage.plan_export.rules import Outcome
from engage.timetable import rules as timetable
from engage.timetable.queries import Listed
from engage.timetable.rules import EntryState


class Shade(IntEnum):
    """How a tile of the front page's map is shaded, in the steps of components/tile_map.html."""

    WITH_LONDON = 0
    COMING = 2
    OPEN = 4


SHADES = {
    Shade.WITH_LONDON: lazy("Asked together with all of London"),
    Shade.COMING: lazy("Something of its own is coming up"),
    Shade.OPEN: lazy("Something of its own is open now"),
}

WE_DID = {
    Outcome.ADOPTED: lazy("We took it up"),
    Outcome.IN_PART: lazy("We took up part of it"),
    Outcome.NOT_ADOPTED: lazy("We did not take it up"),
}


class Place(Protocol):
    """A borough, or the City, with its place in the tile map."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def tile_row(self) -> int | None: ...
    @property
    def tile_column(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile as components/tile_map.html draws it."""

    code: str
    name: str
    short: str
    row: int
    column: int
    step: Shade
    text: Text
    href: str = ""


def tiles(places: Iterable[Place], opened: Sequence[str], coming: Sequence[str]) -> list[Tile]:
    """Return a tile for each place; `opened` and `coming` hold an area code for each entry of its own."""
    how_many_open, how_many_coming = Counter(opened), Counter(coming)
    return [
        Tile(
            code=place.code,
            name=place.name,
            short=place.short_name,
            row=place.tile_row or 0,
            column=place.tile_column or 0,
            step=_shade(how_many_open[place.code], how_many_coming[place.code]),
            text=_told(how_many_open[place.code], how_many_coming[place.code]),
        )
        for place in places
    ]


def _shade(opened: int, coming: int) -> Shade:
    if opened:
        return Shade.OPEN
    return Shade.COMING if coming else Shade.WITH_LONDON


def _told(opened: int, coming: int) -> Text:
    if opened and coming:
        return lazy("%(open)s of its own open now, %(coming)s coming up", open=opened, coming=coming)
    if opened:
        return lazy("%(open)s of its own open now", open=opened)
    if coming:
        return lazy("%(coming)s of its own coming up", coming=coming)
    return lazy("asked together with all of London")


def ours_first(entries: Iterable[Listed]) -> list[Listed]:
    """Return `entries` with those that can be answered on this site in front, otherwise in their order."""
    return sorted(entries, key=lambda entry: not entry.run_here)


class What(StrEnum):
    """What is due of an officer on a day."""

    NOTICE = "notice"
    OPENING = "opening"
    CLOSING = "closing"
    DECISION = "decision"
    FEEDBACK = "feedback"


DUE = {
    What.NOTICE: lazy("Tell the groups"),
    What.OPENING: lazy("Opens"),
    What.CLOSING: lazy("Last day to answer"),
    What.DECISION: lazy("Decision due"),
    What.FEEDBACK: lazy("Feedback due"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due, and whether its day has passed."""

    on: date
    what: What
    slug: str
    title: str
    overdue: bool


def due(entries: Iterable[Listed], decided: Collection[str], now: datetime) -> list[Due]:
    """Return what is due of the entries run here, the earliest day first.

    `decided` holds the slugs of those that have been decided. Closing is never overdue: it comes by itself.
    """
    found = [each for entry in entries if entry.run_here for each in _due(entry, entry.slug in decided, now)]
    return sorted(found, key=lambda each: (each.on, each.title, each.what))


def _due(entry: Listed, decided: bool, now: datetime) -> Iterator[Due]:
    today = in_london(now).date()

    def one(what: What, on: date, overdue: bool) -> Due:
        return Due(on, what, entry.slug, entry.title, overdue)

    match timetable.state(entry, now):
        case EntryState.FORTHCOMING:
            opening = in_london(entry.opens_at).date()
            if entry.notice_given_on is None:
                by = timetable.months_later(opening, -timetable.NOTICE_MONTHS)
                yield one(What.NOTICE, by, today > by)
            yield one(What.OPENING, opening, timetable.late_to_open(entry, now))
        case EntryState.OPEN:
            yield one(What.CLOSING, timetable.last_day(entry.closes_at), False)
        case EntryState.CLOSED:
            if entry.decision_due_on is not None and not decided:
                yield one(What.DECISION, entry.decision_due_on, today > entry.decision_due_on)
            if entry.feedback_due_on is not None:
                yield one(What.FEEDBACK, entry.feedback_due_on, timetable.feedback_overdue(entry, today))


@dataclass(frozen=True, slots=True)
class Notice:
    """A group's notice of an entry: days left until it is to open, and whether it is three full months."""

    given_on: date | None
    days_left: int
    full: bool


def notice_of(entry: Listed, today: date) -> Notice:
    """Return the notice that groups have of `entry`, counted in days from `today`."""
    return Notice(
        given_on=entry.notice_given_on,
        days_left=max(0, (in_london(entry.opens_at).date() - today).days),
        full=timetable.notice_ok(entry.notice_given_on, entry.opens_at),
    )
