"""How the coverage of a duty is said to people, in plain English, and as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from engage.foundations.clock import in_london
from engage.foundations.language import Text, _, lazy, plural
from engage.foundations.spreadsheets import Cell
from engage.timetable import rules as timetable
from engage.timetable.duties.coverage import Asked, Covered, Standing, Year
from engage.timetable.duties.rules import NO_DUTY
from engage.timetable.labels import LEVELS, STATES

STANDINGS: dict[Standing, Text] = {
    Standing.SERVED: lazy("Asked"),
    Standing.PLANNED: lazy("Planned"),
    Standing.NOTHING: lazy("Nothing"),
    Standing.ENDED: lazy("Not a duty"),
}
COLOURS: dict[Standing, str] = {
    Standing.SERVED: "green",
    Standing.PLANNED: "teal",
    Standing.NOTHING: "red",
    Standing.ENDED: "grey",
}


def rhythm(every_months: int | None) -> str:
    """Return how often a duty binds, in words."""
    if every_months is None:
        return str(_("As needed: the law sets no rhythm"))
    if every_months % 12:
        return str(plural("Every %(num)s month", "Every %(num)s months", every_months))
    years = every_months // 12
    return str(_("Every year")) if years == 1 else str(_("Every %(years)s years", years=years))


def said_of(year: Year, this_year: int, code: str) -> str:
    """Return a sentence for a year of a duty in which nobody was asked; empty where somebody was."""
    if year.standing is Standing.NOTHING and year.year > this_year:
        return str(_("Nothing is planned under this duty in %(year)s yet.", year=str(year.year)))
    if year.standing is Standing.NOTHING and year.year == this_year:
        return str(_("Nothing has been asked under this duty in %(year)s so far.", year=str(year.year)))
    if year.standing is Standing.NOTHING:
        return str(_("Nothing was asked under this duty in %(year)s.", year=str(year.year)))
    if year.standing is Standing.ENDED and not year.entries and code != NO_DUTY:
        return str(_("This was no longer a duty in %(year)s.", year=str(year.year)))
    return ""


def state_said(entry: Asked, now: datetime) -> tuple[Text, str]:
    """Return where an entry stands at `now`, and the colour of its tag."""
    if entry.published_at is None:
        return lazy("Draft"), "yellow"
    if entry.cancelled_at is not None:
        return lazy("Cancelled"), "red"
    text = STATES[timetable.state(entry, now)]
    return text.name, text.colour


def heading() -> Sequence[str]:
    """Return the first row of the coverage as a file."""
    return [
        str(said)
        for said in (
            _("Duty"), _("Law"), _("How often"), _("Year"), _("Coverage"), _("Entry"), _("Who asks"),
            _("Where"), _("Kind"), _("State"), _("Opens"), _("Last day to answer"), _("Feedback given"),
        )
    ]  # fmt: skip


def rows(covered: Iterable[Covered], now: datetime) -> Iterator[Sequence[Cell]]:
    """Yield the coverage as rows of a file: one for each entry, and one for each year that has none."""
    yield heading()
    for each in covered:
        duty = each.duty
        for year in each.years:
            line: list[Cell] = [
                duty.name, duty.law, rhythm(duty.every_months) if duty.code != NO_DUTY else "", year.year,
                str(STANDINGS[year.standing]) if duty.code != NO_DUTY else "",
            ]  # fmt: skip
            if not year.entries:
                yield [*line, said_of(year, in_london(now).year, duty.code), *[""] * 7]
            for entry in year.entries:
                yield [*line, *_cells(entry, now)]


def _cells(entry: Asked, now: datetime) -> Sequence[Cell]:
    fed_back = in_london(entry.fed_back_at).date() if entry.fed_back_at else None
    return [
        entry.title,
        entry.organisation,
        entry.area_name or str(_("All of London")),
        str(LEVELS[entry.level].name),
        str(state_said(entry, now)[0]),
        entry.began_on,
        timetable.last_day(entry.closes_at),
        fed_back,
    ]
