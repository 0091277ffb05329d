"""What is done to entries. What has been asked of people is not rewritten while, or after, they answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.foundations.clock import in_london
from engage.foundations.language import Text, lazy
from engage.foundations.refusals import Refused
from engage.timetable import details as said
from engage.timetable import queries, rules
from engage.timetable.details import EntryDetails
from engage.timetable.duties.queries import find_duty
from engage.timetable.duties.rules import in_force
from engage.timetable.models import Entry

LONGEST_STEM = 70
# Words that stand for something else where an address has an entry's name.
RESERVED = frozenset({"new", "emerging", "receipt", "return", "leave"})


def add_entry(
    session: Session, *, actor: str, now: datetime, details: EntryDetails, slug: str | None = None
) -> Entry:
    """Add an entry to the timetable and return it.

    `slug` is its name in addresses; without one it is made from the title, with a number where that name is
    taken. Raises `Refused` beside the detail that contradicts another.
    """
    details = _accepted(details)
    _refuse_unknown_duty(session, details, kept=None)
    slug = slug or free_slug(session, details.title)
    entry = Entry(slug=slug, changed_at=now, published_at=now, **_values(details))
    session.add(entry)
    session.flush()
    audit.record(
        session, actor=actor, action="entry.added", subject=f"entry:{entry.slug}", at=now,
        details=_written(_values(details)),
    )  # fmt: skip
    return entry


def update_entry(
    session: Session, *, actor: str, now: datetime, entry_id: int, details: EntryDetails
) -> Entry:
    """Make the entry say `details`; the audit log keeps what each changed detail said before and says now.

    Raises `Refused` beside a detail that contradicts another, or that people were told when they were asked.
    """
    details = _accepted(details)
    entry = hold_entry(session, entry_id)
    _refuse_unknown_duty(session, details, kept=entry.duty)
    before, after = _values(queries.details_of(entry)), _values(details)
    changed = {name: value for name, value in after.items() if value != before[name]}
    _refuse_rewriting(entry, changed, now)
    for name, value in changed.items():
        setattr(entry, name, value)
    if changed:
        entry.number_of_changes += 1
        entry.changed_at = now
    session.flush()
    if changed:
        was = _written({name: before[name] for name in changed})
        audit.record(
            session, actor=actor, action="entry.changed", subject=f"entry:{entry.slug}", at=now,
            details={name: [was[name], value] for name, value in _written(changed).items()},
        )  # fmt: skip
    return entry


def hold_entry(session: Session, entry_id: int) -> Entry:
    """Return the entry as it is now and keep others from changing it until the transaction ends."""
    statement = select(Entry).where(Entry.id == entry_id).with_for_update(key_share=True)
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def record_notice(session: Session, *, entry_id: int, on: date) -> None:
    """Keep `on` as the day groups were told, unless they were told before."""
    entry = hold_entry(session, entry_id)
    entry.notice_given_on = entry.notice_given_on or on
    session.flush()


def record_opened(session: Session, *, entry_id: int, at: datetime) -> None:
    """Keep the moment when people could begin to answer."""
    entry = hold_entry(session, entry_id)
    entry.opened_at = entry.opened_at or at
    session.flush()


def put_off(
    session: Session,
    *,
    entry_id: int,
    closes_at: datetime,
    decision_due_on: date | None,
    feedback_due_on: date | None,
    feedback_late_reason: str,
) -> None:
    """Let people answer until `closes_at`, with the days that follow it.

    Raises `Refused` beside a day that no longer fits, naming what it must come after.
    """
    entry = hold_entry(session, entry_id)
    moved: dict[str, Any] = {
        "closes_at": closes_at,
        "decision_due_on": decision_due_on,
        "feedback_due_on": feedback_due_on,
        "feedback_late_reason": feedback_late_reason,
    }
    details = _accepted(replace(queries.details_of(entry), **moved))
    for name in moved:
        setattr(entry, name, getattr(details, name))
    session.flush()


def record_closed(session: Session, *, entry_id: int, at: datetime) -> None:
    """Keep the moment when nobody could answer any more."""
    entry = hold_entry(session, entry_id)
    entry.closed_at = entry.closed_at or at
    session.flush()


def record_fed_back(session: Session, *, entry_id: int, at: datetime) -> None:
    """Keep the moment when everybody could read what came of it."""
    entry = hold_entry(session, entry_id)
    entry.fed_back_at = entry.fed_back_at or at
    session.flush()


def free_slug(session: Session, title: str) -> str:
    """Return a readable name for `title` that no entry has."""
    stem = readable(title)
    taken = queries.taken_slugs(session, stem) | RESERVED
    if stem not in taken:
        return stem
    return next(name for number in range(2, len(taken) + 3) if (name := f"{stem}-{number}") not in taken)


def readable(title: str) -> str:
    """Return `title` in small letters, figures and hyphens; `entry` where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "".join(sign if sign.isalnum() else " " for sign in plain.replace("'", "").lower()).split()
    stem = "-".join(words)
    if len(stem) > LONGEST_STEM:
        stem = stem[:LONGEST_STEM].rpartition("-")[0] or stem[:LONGEST_STEM]
    return stem or "entry"


def _accepted(details: EntryDetails) -> EntryDetails:
    texts: dict[str, Any] = {
        name: value.strip() for name, value in _values(details).items() if type(value) is str
    }
    details = replace(details, **texts)
    for problem in said.problems(details):
        raise Refused(problem.sentence, problem.field)
    return details


def _refuse_unknown_duty(session: Session, details: EntryDetails, *, kept: str | None) -> None:
    """Refuse a duty that is not in the register, or ends before the opening; what it serves it may keep."""
    if details.duty == kept:
        return
    duty = find_duty(session, details.duty)
    if duty is None:
        raise Refused(lazy("Choose a duty of the register, or that there is none."), "duty")
    if not in_force(duty.ended_on, in_london(details.opens_at).date()):
        raise Refused(lazy("This duty has ended before the entry opens."), "duty")


def _refuse_rewriting(entry: Entry, changed: Iterable[str], now: datetime) -> None:
    allowed = rules.changeable(entry, now)
    if allowed is None:
        return
    for name in changed:
        if name not in allowed:
            raise Refused(_why_not(entry), name)


def _why_not(entry: Entry) -> Text:
    if entry.fed_back_at is not None:
        return lazy("This cannot be changed: feedback has been given.")
    return lazy("This cannot be changed: people have been answering what it said.")


def _values(details: EntryDetails) -> dict[str, Any]:
    return {name: getattr(details, name) for name in queries.DETAILS}


def _written(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` as JSON holds them."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, (date, datetime)) else value
