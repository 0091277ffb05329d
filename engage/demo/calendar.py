"""What the demonstration's entries are about, how and whom they ask, and the one that was cancelled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files

from sqlalchemy.orm import Session

from engage.demo.content import Line, moment_in
from engage.demo.steps import Step, officer
from engage.foundations.database import transaction
from engage.groups.rules import Community
from engage.timetable.marks import UNMARKED, Marks, marks_of, set_marks
from engage.timetable.queries import get_entry
from engage.timetable.rules import Method, Topic
from engage.timetable.steps.service import cancel

CANCELLED = "sidcup-front-counter"
CANCELLED_WEEKS = -2
REASON = (
    "The council has offered rooms in the library across the road, so the counter moves there and stays open "
    "as long as it is now. There is nothing left to ask."
)


def steps_of(lines: Iterable[Line], today: date) -> list[Step]:
    """Return the steps that mark each line, once it was added, and cancel one of them."""
    marked = marks_by_slug()
    return [
        *(_marked(line, marked[line.slug]) for line in lines if line.slug in marked),
        Step(moment_in(today, CANCELLED_WEEKS), _cancelled),
    ]


def marks_by_slug() -> dict[str, Marks]:
    """Return the marks of each entry by its name in addresses."""
    rows = json.loads(files(__package__).joinpath("data", "marks.json").read_text(encoding="utf-8"))
    return {
        slug: Marks(
            topics=tuple(Topic(code) for code in row["topics"]),
            methods=tuple(Method(code) for code in row["methods"]),
            audiences=tuple(Community(code) for code in row["audiences"]),
        )
        for slug, row in rows.items()
    }


def _marked(line: Line, marks: Marks) -> Step:
    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            entry = get_entry(session, line.slug)
            if marks_of(session, [entry.id])[entry.id] == UNMARKED:
                set_marks(session, entry.id, marks)

    return Step(line.added_at, do)


def _cancelled(session: Session, now: datetime) -> None:
    with transaction(session):
        entry = get_entry(session, CANCELLED)
        if entry.cancelled_at is None:
            cancel(session, actor=officer(session), now=now, entry_id=entry.id, reason=REASON)
