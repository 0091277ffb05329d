"""Telling groups of an entry and of what becomes of it; what they say back.

Mail is promised with the transaction and leaves afterwards. The same notice is one message to an address for
each group, however often it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engage.foundations.clock import in_london
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox import service as outbox
from engage.outbox.models import OutboxMessage
from engage.outbox.service import Promise
from engage.timetable import rules as timetable
from engage.timetable.holding import hold_entry, write_down
from engage.timetable.models import Entry, Notice, NoticeReceipt
from engage.timetable.notices import mails, queries, rules
from engage.timetable.notices.mails import Text
from engage.timetable.notices.queries import Reached
from engage.timetable.rules import EntryState, NoticeKind


def give_notice(session: Session, *, actor: str, now: datetime, entry_id: int, said: str = "") -> int:
    """Tell those asked groups that have not been told; return how many that were.

    Each has its own day of issue. The entry keeps today as the day of notice, unless it names an earlier
    one. Raises `Refused` for what is not published, was cancelled or is over.
    """
    entry = hold_entry(session, entry_id)
    _refuse_untellable(entry, now)
    known = queries.issued(session, entry_id)
    waiting = [group for group in queries.asked_groups(session, entry_id) if group.id not in known]
    if not waiting:
        return 0
    _tell(session, entry, NoticeKind.ISSUED, waiting, actor=actor, now=now, said=said.strip())
    today = in_london(now).date()
    if entry.notice_given_on is None or entry.notice_given_on > today:
        entry.notice_given_on = today
        entry.number_of_changes += 1
        entry.changed_at = now
    session.flush()
    return len(waiting)


def tell_again(
    session: Session, *, actor: str, now: datetime, entry: Entry, kind: NoticeKind, said: str
) -> int:
    """Tell every group that knows of the entry what has become of it; return how many groups that are.

    To be called by whatever changed the entry, which holds it.
    """
    known = queries.surviving(session, queries.issued(session, entry.id))
    groups = queries.reached(session, known)
    if groups:
        _tell(session, entry, kind, groups, actor=actor, now=now, said=said.strip())
    return len(groups)


def remind(session: Session, *, actor: str, now: datetime, entry_id: int) -> int:
    """Write again to the groups that have not acknowledged what they were told last.

    Returns to how many groups: none where they were reminded today already, or nobody is to be reached.
    """
    entry = hold_entry(session, entry_id)
    _refuse_untellable(entry, now)
    waiting = [
        standing.group
        for standing in queries.standings(session, entry, now)
        if standing.receipt_id is not None and standing.acknowledged_at is None
    ]
    key = f"notice-reminder:{entry.id}:{in_london(now).date().isoformat()}"
    promised = set(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.startswith(f"{key}:"))))
    new = [message for message in _messages(session, key, waiting) if message.key not in promised]
    if not new:
        return 0
    _promise(session, key, mails.reminder_mail(entry), new, now)
    reached = len({message.key.split(":")[3] for message in new})
    write_down(session, entry, "notice.reminded", actor=actor, now=now, groups=reached)
    return reached


def note_seen(session: Session, *, receipt_id: int, now: datetime) -> None:
    """Keep when a group first opened what it was told. One statement; the first time stays."""
    session.execute(
        update(NoticeReceipt)
        .where(NoticeReceipt.id == receipt_id, NoticeReceipt.seen_at.is_(None))
        .values(seen_at=now),
        execution_options={"synchronize_session": False},
    )


def acknowledge(
    session: Session,
    *,
    actor: str,
    now: datetime,
    receipt_id: int,
    group_ids: Collection[int],
    remark: str = "",
) -> NoticeReceipt:
    """Keep that one of these groups knows what it was told, and what it remarks.

    Doing it again changes the remark only. Raises `NoResultFound` for another group's receipt and `Refused`
    for a remark that is too long.
    """
    receipt = queries.get_receipt(session, receipt_id, group_ids)
    remark = remark.strip()
    if len(remark) > rules.LONGEST_REMARK:
        raise Refused(lazy("Use at most %(most)s characters.", most=rules.LONGEST_REMARK), "remark")
    if receipt.acknowledged_at is not None and receipt.remark == remark:
        return receipt
    receipt.seen_at = receipt.seen_at or now
    receipt.acknowledged_at = receipt.acknowledged_at or now
    receipt.acknowledged_by = receipt.acknowledged_by or actor
    receipt.remark = remark
    session.flush()
    notice = session.get_one(Notice, receipt.notice_id)
    entry = session.get_one(Entry, notice.entry_id)
    details = {"notice": notice.id, "group": receipt.group_id}
    write_down(session, entry, "notice.acknowledged", actor=actor, now=now, **details)
    return receipt


def _refuse_untellable(entry: Entry, now: datetime) -> None:
    if entry.published_at is None:
        raise Refused(lazy("Publish the entry first: groups are told of what everybody can see."))
    if entry.cancelled_at is not None:
        raise Refused(lazy("This entry was cancelled."))
    if timetable.state(entry, now) not in (EntryState.FORTHCOMING, EntryState.OPEN):
        raise Refused(lazy("This entry is over: there is nothing left to give notice of."))


def _tell(
    session: Session,
    entry: Entry,
    kind: NoticeKind,
    groups: Sequence[Reached],
    *,
    actor: str,
    now: datetime,
    said: str,
) -> None:
    notice = Notice(
        entry_id=entry.id,
        kind=kind,
        opens_at=entry.opened_at or entry.opens_at,
        closes_at=entry.closes_at,
        said=said,
        given_by=actor,
        given_at=now,
    )
    session.add(notice)
    session.flush()
    receipts = [{"notice_id": notice.id, "group_id": group.id, "issued_at": now} for group in groups]
    session.execute(insert(NoticeReceipt), receipts)
    key = f"notice:{notice.id}"
    messages = _messages(session, key, groups)
    _promise(session, key, mails.notice_mail(entry, notice), messages, now)
    details = {"notice": notice.id, "kind": kind.value, "groups": len(groups), "messages": len(messages)}
    write_down(session, entry, "notice.given", actor=actor, now=now, **details)


def _messages(session: Session, key: str, groups: Sequence[Reached]) -> list[Promise]:
    """Return a message to each address of each group."""
    written_to = queries.addresses(session, groups)
    return [
        Promise.to(address, key=f"{key}:{group.id}", personal={"group": group.name})
        for group in groups
        for address in written_to[group.id]
    ]


def _promise(session: Session, key: str, text: Text, messages: list[Promise], now: datetime) -> None:
    if not messages:
        return
    mailing = outbox.add_mailing(
        session, key=key, subject=text.subject, text_body=text.plain, html_body=None, now=now
    )
    outbox.promise(session, mailing=mailing, messages=messages, now=now)
