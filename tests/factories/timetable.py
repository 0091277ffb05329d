"""Entries for tests: complete ones, so that a test says only what is different."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from engage.timetable.details import EntryDetails
from engage.timetable.models import Entry
from engage.timetable.rules import Level, closing_after

# Summer time in London: an hour before UTC's midnight.
LAST_DAY = date(2027, 9, 30)
OPENS = datetime(2027, 7, 5, 8, 0, tzinfo=UTC)
CLOSES = closing_after(LAST_DAY)
BEFORE = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
DURING = datetime(2027, 8, 2, 12, 0, tzinfo=UTC)
PUBLISHED = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 10, 4, 12, 0, tzinfo=UTC)

_numbers = count(1)


def entry_details(**overrides: Any) -> EntryDetails:
    """Return details that are complete and agree with each other."""
    values: dict[str, Any] = {
        "title": "Policing priorities",
        "organisation": "Metropolitan Police Authority",
        "level": Level.CONSULTATION,
        "duty": "policing_objectives",
        "consultation_year": 2027,
        "plan_year": 2028,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "purpose": "To set what the police put first.",
        "can_change": "The order of the priorities.",
        "cannot_change": "The law.",
        "audience": "Everybody who lives in London.",
        "methods": "Online and on paper.",
        "how_to_take_part": "Answer here, or ask for a paper form.",
        "decision_maker": "the full Authority",
        "notice_given_on": date(2027, 4, 1),
        "decision_due_on": date(2027, 11, 18),
        "feedback_due_on": date(2027, 12, 16),
    }
    return EntryDetails(**(values | overrides))


def make_entry(session: Session, **overrides: Any) -> Entry:
    """Return a stored entry; besides its details it can be told any other column, such as `opened_at`."""
    known = EntryDetails.__dataclass_fields__.keys()
    columns = {name: overrides.pop(name) for name in [*overrides] if name not in known}
    columns = {"changed_at": PUBLISHED, "published_at": PUBLISHED} | columns
    said = entry_details(**overrides)
    values = {name: getattr(said, name) for name in known}
    entry = Entry(**values | {"slug": f"entry-{next(_numbers)}"} | columns)
    session.add(entry)
    session.flush()
    return entry
