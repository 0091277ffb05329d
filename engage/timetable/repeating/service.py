"""Drafting the next entry from the one before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engage.foundations.clock import in_london
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.timetable import marks
from engage.timetable.asking import ask, chosen_as
from engage.timetable.holding import hold_entry
from engage.timetable.models import Entry
from engage.timetable.queries import details_of
from engage.timetable.repeating.queries import find_next
from engage.timetable.repeating.rules import next_time
from engage.timetable.service import add_entry


def draft_next(session: Session, *, actor: str, now: datetime, entry_id: int) -> Entry:
    """Draft the next time of an entry, unpublished, with the marks and the groups of the one before.

    Where every CPEG or a borough's was asked, those that work today are; chosen groups are chosen again.
    Raises `Refused` where the next one has been drafted, so that pressing twice drafts it once.
    """
    before = hold_entry(session, entry_id)
    if find_next(session, entry_id) is not None:
        raise Refused(lazy("The next one has been drafted already."))
    if before.published_at is None:
        raise Refused(lazy("Publish this one first: it is a draft itself."))
    details = next_time(details_of(before), in_london(now).date())
    entry = add_entry(
        session, actor=actor, now=now, details=details, published=False, repeated_from_id=before.id
    )
    marks.set_marks(session, entry.id, marks.marks_of(session, [before.id])[before.id])
    asks = chosen_as(session, before.id, before.area_code)
    working = {group.id for group in marks.groups_of(session, before.id) if group.active}
    marks.set_groups(session, entry.id, working)
    ask(session, entry_id=entry.id, area_code=entry.area_code, asks=asks)
    return entry
