"""What the demonstration's entries are marked with."""

from __future__ import annotations

from datetime import date

from engage.demo.calendar import CANCELLED, CANCELLED_WEEKS, marks_by_slug
from engage.demo.content import moment_in, timetable
from engage.groups.rules import Community
from engage.timetable.rules import Method, Topic

TODAY = date(2027, 3, 3)


def test_every_entry_says_what_it_is_about_how_and_whom_it_asks() -> None:
    marked = marks_by_slug()
    assert marked.keys() == {line.slug for line in timetable(TODAY)}
    assert all(marks.topics and marks.methods and marks.audiences for marks in marked.values())


def test_most_of_what_can_be_chosen_in_the_filters_finds_something() -> None:
    marked = marks_by_slug().values()
    assert len({topic for marks in marked for topic in marks.topics}) > len(Topic) / 2
    assert len({method for marks in marked for method in marks.methods}) > len(Method) / 2
    assert len({audience for marks in marked for audience in marks.audiences}) > len(Community) / 2


def test_the_entry_that_is_cancelled_was_announced_and_had_not_opened() -> None:
    [line] = [line for line in timetable(TODAY) if line.slug == CANCELLED]
    assert line.added_at < moment_in(TODAY, CANCELLED_WEEKS) < line.details.opens_at
