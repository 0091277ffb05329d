"""The verbs that change what everybody sees: publishing, postponing and cancelling an entry."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.timetable import rules
from engage.timetable.holding import hold_entry, write_down
from engage.timetable.models import Entry, EntryGroup, EntryMark
from engage.timetable.news import tell
from engage.timetable.notices import service as notices
from engage.timetable.rules import EntryState, NewsKind, NoticeKind
from engage.timetable.service import move_dates, note_change

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """When an entry opens and closes now, and the days that follow from it."""

    opens_at: datetime
    closes_at: datetime
    decision_due_on: date | None
    feedback_due_on: date | None
    feedback_late_reason: str = ""


def publish(session: Session, *, actor: str, now: datetime, entry_id: int) -> None:
    """Put a draft into the public timetable. Raises `Refused` where it is there already."""
    entry = hold_entry(session, entry_id)
    if entry.published_at is not None:
        raise Refused(lazy("This entry is in the timetable already."))
    entry.published_at = entry.changed_at = now
    session.flush()
    tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=now)
    write_down(session, entry, "entry.published", actor=actor, now=now)


def discard(session: Session, *, actor: str, now: datetime, entry_id: int) -> None:
    """Delete a draft. Raises `Refused` for what is published, or what something else goes back to."""
    entry = hold_entry(session, entry_id)
    if entry.published_at is not None:
        raise Refused(lazy("Only a draft can be deleted. What is published is cancelled, with a reason."))
    try:
        with session.begin_nested():
            for mark in (EntryMark, EntryGroup):
                session.execute(delete(mark).where(mark.entry_id == entry_id))
            session.delete(entry)
    except IntegrityError:
        raise Refused(lazy("This draft is in use: its consultation has been planned.")) from None
    write_down(session, entry, "entry.discarded", actor=actor, now=now, title=entry.title)


def postpone(
    session: Session, *, actor: str, now: datetime, entry_id: int, dates: Postponed, reason: str
) -> None:
    """Let an entry open later than was said, and tell everybody why, its groups by a notice.

    Raises `Refused` once it has opened, for an opening that is not later, without a reason, and beside a day
    that no longer fits.
    """
    entry = _waiting(session, entry_id, now)
    reason = _reason(reason)
    if dates.opens_at <= entry.opens_at:
        raise Refused(lazy("The new opening must be later than the one people were told."), "opens_at")
    before = entry.opens_at
    move_dates(session, entry, **asdict(dates))
    note_change(session, entry, NewsKind.POSTPONED, now=now, said=reason)
    told = notices.tell_again(
        session, actor=actor, now=now, entry=entry, kind=NoticeKind.POSTPONED, said=reason
    )
    moved = {"from": before.isoformat(), "to": entry.opens_at.isoformat()}
    write_down(session, entry, "entry.postponed", actor=actor, now=now, **moved, reason=reason, groups=told)


def cancel(session: Session, *, actor: str, now: datetime, entry_id: int, reason: str) -> None:
    """Say that an entry will not be asked after all, and tell everybody why, its groups by a notice.

    Raises `Refused` once it has opened, for a draft, and without a reason.
    """
    entry = _waiting(session, entry_id, now)
    entry.cancelled_at, entry.cancelled_reason = now, _reason(reason)
    note_change(session, entry, NewsKind.CANCELLED, now=now, said=entry.cancelled_reason)
    told = notices.tell_again(
        session, actor=actor, now=now, entry=entry, kind=NoticeKind.CANCELLED, said=entry.cancelled_reason
    )
    write_down(
        session, entry, "entry.cancelled", actor=actor, now=now, reason=entry.cancelled_reason, groups=told
    )


def _waiting(session: Session, entry_id: int, now: datetime) -> Entry:
    """Return the entry, held, where it is published and has not opened; refuse any other."""
    entry = hold_entry(session, entry_id)
    if entry.published_at is None:
        raise Refused(lazy("This is a draft: change or delete it, nobody has been told."))
    match rules.state(entry, now):
        case EntryState.FORTHCOMING:
            return entry
        case EntryState.CANCELLED:
            raise Refused(lazy("This entry was cancelled already."))
        case _:
            raise Refused(lazy("It has opened: people have been answering. Close it, or give them longer."))


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not reason:
        raise Refused(lazy("Give the reason. It is published."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(lazy("Use at most %(most)s characters.", most=LONGEST_REASON), "reason")
    return reason
