"""Where an issue tells of an entry, to whom, and what an issue may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from engage.feedback.newsletter.rules import Section, parts_for, problem_with, section_of
from engage.timetable.rules import NewsKind

UNTIL = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    opens_at: datetime = UNTIL - 10 * A_DAY
    closes_at: datetime = UNTIL + 10 * A_DAY
    opened_at: datetime | None = UNTIL - 10 * A_DAY
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    run_here: bool = True


@dataclass(frozen=True)
class Part:
    code: str | None


COMING = Entry(opens_at=UNTIL + A_DAY, opened_at=None)
CLOSED = Entry(closed_at=UNTIL - A_DAY)


@pytest.mark.parametrize(
    ("entry", "happened", "progressed", "section"),
    [
        (Entry(), set(), False, Section.OPEN),
        (Entry(opened_at=None), set(), False, None),
        (Entry(opened_at=None, run_here=False), set(), False, Section.OPEN),
        (Entry(cancelled_at=UNTIL), {NewsKind.CANCELLED}, False, Section.OTHER),
        (Entry(closed_at=UNTIL + A_DAY), set(), False, Section.OPEN),
        (CLOSED, set(), False, None),
        (CLOSED, {NewsKind.CLOSED}, False, Section.OTHER),
        (CLOSED, {NewsKind.CLOSED, NewsKind.DECIDED}, False, Section.DECIDED),
        (CLOSED, {NewsKind.DECIDED, NewsKind.FED_BACK}, True, Section.CAME),
        (CLOSED, set(), True, Section.DECIDED),
        (COMING, {NewsKind.ANNOUNCED}, False, Section.COMING),
        (Entry(opens_at=UNTIL + 91 * A_DAY, opened_at=None), set(), False, None),
    ],
)
def test_an_entry_is_told_of_in_one_place(
    entry: Entry, happened: set[NewsKind], progressed: bool, section: Section | None
) -> None:
    assert section_of(entry, happened=happened, progressed=progressed, until=UNTIL) is section


def test_everybody_gets_londons_part_and_whoever_chose_no_borough_gets_all() -> None:
    london, camden, barnet = Part(None), Part("E09000007"), Part("E09000003")
    every = (london, camden, barnet)
    assert parts_for(every, {"E09000007"}) == (london, camden)
    assert parts_for(every, ()) == every


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"foreword": "x" * 5001}, "foreword"),
        ({"until": UNTIL + A_DAY}, "until"),
        ({"since": UNTIL}, "until"),
        ({}, None),
    ],
)
def test_what_an_issue_cannot_be_is_refused_beside_its_field(
    changed: dict[str, object], field: str | None
) -> None:
    values: dict[str, object] = {"title": "May", "foreword": "", "since": UNTIL - A_DAY, "until": UNTIL}
    problem = problem_with(**(values | changed), now=UNTIL)  # type: ignore[arg-type]
    assert (problem[1] if problem else None) == field
