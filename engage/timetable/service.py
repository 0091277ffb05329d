"""What is done to entries. What has been asked of people is not rewritten while, or after, they answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

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
from engage.timetable.holding import hold_entry
from engage.timetable.models import Entry
from engage.timetable.news import tell
from engage.timetable.notices import queries as notice_queries
from engage.timetable.notices import service as notices
from engage.timetable.rules import EntryState, NewsKind, NoticeKind

LONGEST_STEM = 70
# Words that stand for something else where an address has an entry's name.
RESERVED = frozenset(
    {"new", "emerging", "receipt", "return", "leave", "duties", "plans", "overlaps", "asks", "month", "year"}
    | {"day", "embed", "follow", "subscribe"}
)
# What officers keep for themselves, and what groups have been told and are told anew.
NOT_SHOWN = frozenset({"repeats"})
DATES_TOLD = frozenset({"opens_at", "closes_at"})


def add_entry(
    session: Session,
    *,
    actor: str,
    now: datetime,
    details: EntryDetails,
    slug: str | None = None,
    published: bool = True,
    repeated_from_id: int | None = None,
) -> Entry:
    """Add an entry to the timetable and return it; one that is not `published` is seen by officers only.

    `slug` is its name in addresses; without one it is made from the title, with a number where that name is
    taken. Raises `Refused` beside the detail that contradicts another.
    """
    details = _accepted(details)
    _refuse_unknown_duty(session, details, kept=None)
    slug = slug or free_slug(session, details.title)
    entry = Entry(
        slug=slug,
        changed_at=now,
        published_at=now if published else None,
        repeated_from_id=repeated_from_id,
        **_values(details),
    )
    session.add(entry)
    session.flush()
    if published:
        tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=now)
    audit.record(
        session, actor=actor, action="entry.added", subject=f"entry:{entry.slug}", at=now,
        details=_written(_values(details)) | {"published": published},
    )  # fmt: skip
    return entry


def update_entry(
    session: Session, *, actor: str, now: datetime, entry_id: int, details: EntryDetails
) -> Entry:
    """Make the entry say `details`; the audit log keeps what each changed detail said before and says now.

    Groups that were told its dates are told the new ones. Raises `Refused` beside a detail that contradicts
    another, that people were told when they were asked, or that is changed with a reason elsewhere.
    """
    details = _accepted(details)
    entry = hold_entry(session, entry_id)
    _refuse_unknown_duty(session, details, kept=entry.duty)
    before, after = _values(queries.details_of(entry)), _values(details)
    changed = {name: value for name, value in after.items() if value != before[name]}
    _refuse_rewriting(entry, changed, now)
    _refuse_silent_postponing(session, entry, details, now)
    for name, value in changed.items():
        setattr(entry, name, value)
    session.flush()
    if not changed:
        return entry
    was = _written({name: before[name] for name in changed})
    audit.record(
        session, actor=actor, action="entry.changed", subject=f"entry:{entry.slug}", at=now,
        details={name: [was[name], value] for name, value in _written(changed).items()},
    )  # fmt: skip
    if entry.published_at is not None and changed.keys() - NOT_SHOWN:
        note_change(session, entry, NewsKind.CHANGED, now=now)
        if changed.keys() & DATES_TOLD:
            notices.tell_again(session, actor=actor, now=now, entry=entry, kind=NoticeKind.CHANGED, said="")
    return entry


def note_change(session: Session, entry: Entry, kind: NewsKind, *, now: datetime, said: str = "") -> None:
    """Count a change that everybody sees, for calendars, and tell it for feeds and mails."""
    entry.number_of_changes += 1
    entry.changed_at = now
    session.flush()
    tell(session, entry_id=entry.id, kind=kind, at=now, said=said)


def record_notice(session: Session, *, entry_id: int, on: date) -> None:
    """Keep `on` as the day groups were told, unless they were told before."""
    entry = hold_entry(session, entry_id)
    entry.notice_given_on = entry.notice_given_on or on
    session.flush()


def record_opened(session: Session, *, entry_id: int, at: datetime) -> None:
    """Keep the moment when people could begin to answer; the first that is told stays."""
    entry = hold_entry(session, entry_id)
    if entry.opened_at is None:
        entry.opened_at = at
        note_change(session, entry, NewsKind.OPENED, now=at)


def put_off(
    session: Session,
    *,
    actor: str,
    now: datetime,
    entry_id: int,
    closes_at: datetime,
    decision_due_on: date | None,
    feedback_due_on: date | None,
    feedback_late_reason: str,
    reason: str,
) -> None:
    """Let people answer until `closes_at`, with the days that follow it, and tell everybody why.

    Raises `Refused` beside a day that no longer fits, naming what it must come after.
    """
    entry = hold_entry(session, entry_id)
    move_dates(
        session,
        entry,
        closes_at=closes_at,
        decision_due_on=decision_due_on,
        feedback_due_on=feedback_due_on,
        feedback_late_reason=feedback_late_reason,
    )
    note_change(session, entry, NewsKind.EXTENDED, now=now, said=reason)
    notices.tell_again(session, actor=actor, now=now, entry=entry, kind=NoticeKind.EXTENDED, said=reason)


def move_dates(session: Session, entry: Entry, **moved: Any) -> None:
    """Give an entry that is held these dates; raises `Refused` beside one that contradicts another."""
    details = _accepted(replace(queries.details_of(entry), **moved))
    for name in moved:
        setattr(entry, name, getattr(details, name))
    session.flush()


def record_closed(session: Session, *, entry_id: int, at: datetime, now: datetime | None = None) -> None:
    """Keep the moment when nobody could answer any more; `now` is when that is recorded, if later."""
    entry = hold_entry(session, entry_id)
    if entry.closed_at is None:
        entry.closed_at = at
        # What is told late has to come after what readers have been told already.
        note_change(session, entry, NewsKind.CLOSED, now=now or at)


def record_decided(session: Session, *, entry_id: int, at: datetime) -> None:
    """Tell that what people said has been decided on."""
    note_change(session, hold_entry(session, entry_id), NewsKind.DECIDED, now=at)


def record_fed_back(session: Session, *, entry_id: int, at: datetime) -> None:
    """Keep the moment when everybody could read what came of it."""
    entry = hold_entry(session, entry_id)
    if entry.fed_back_at is None:
        entry.fed_back_at = at
        note_change(session, entry, NewsKind.FED_BACK, now=at)


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
    if entry.cancelled_at is not None:
        for name in changed:
            raise Refused(lazy("This cannot be changed: the entry was cancelled."), name)
    allowed = rules.changeable(entry, now)
    if allowed is None:
        return
    for name in changed:
        if name not in allowed:
            raise Refused(_why_not(entry), name)


def _refuse_silent_postponing(session: Session, entry: Entry, details: EntryDetails, now: datetime) -> None:
    """Refuse a later opening than groups were told: it is postponed, with the reason that they read."""
    if details.opens_at <= entry.opens_at or entry.published_at is None:
        return
    if rules.state(entry, now) is EntryState.FORTHCOMING and notice_queries.issued(session, entry.id):
        raise Refused(
            lazy("Groups have been told this opening: postpone the entry, which tells them why."), "opens_at"
        )


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
