"""Issues: begun, changed, tried, published and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.feedback.models import Newsletter
from engage.feedback.newsletter import mails, queries
from engage.feedback.newsletter.composing import compose
from engage.feedback.newsletter.rules import TRIED, key_of, parts_for, problem_with
from engage.foundations import jobs
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox.assorted import Wording, promise_assorted
from engage.outbox.service import Promise
from engage.timetable.subscriptions.queries import wishes_of

SEND = "newsletter.send"
BATCH = 500
WORKER = "worker"


def start(
    session: Session,
    *,
    actor: str,
    now: datetime,
    title: str,
    foreword: str,
    since: datetime,
    until: datetime,
) -> Newsletter:
    """Keep a new issue that nobody else sees yet; raises `Refused` beside what cannot be."""
    _refuse(title, foreword, since, until, now)
    issue = Newsletter(
        title=title, foreword=foreword, since=since, until=until, made_by=actor, made_at=now, sent_at=None
    )
    session.add(issue)
    session.flush()
    audit.record(session, actor=actor, action="newsletter.begun", subject=subject_of(issue), at=now)
    return issue


def change(
    session: Session,
    *,
    actor: str,
    now: datetime,
    newsletter_id: int,
    title: str,
    foreword: str,
    since: datetime,
    until: datetime,
) -> None:
    """Change an issue; raises `Refused` once it was sent, and beside what cannot be."""
    issue = _held(session, newsletter_id)
    if issue.sent_at is not None:
        raise Refused(lazy("This issue was sent, so it cannot be changed."))
    _refuse(title, foreword, since, until, now)
    issue.title, issue.foreword, issue.since, issue.until = title, foreword, since, until
    session.flush()
    audit.record(session, actor=actor, action="newsletter.changed", subject=subject_of(issue), at=now)


def try_out(session: Session, *, newsletter_id: int, address: str, now: datetime) -> None:
    """Send an issue to one address, with every part; pressed again within a minute it is sent once."""
    issue = queries.get_issue(session, newsletter_id)
    wording = mails.issue_mail(issue, compose(session, issue, now), mails.as_anybody_gets_it())
    key = f"{TRIED}{issue.id}:{address}:{now:%Y%m%d%H%M}"
    promise_assorted(session, prefix=TRIED, messages={wording: [Promise(key, address, {})]}, now=now)


def publish(session: Session, *, actor: str, now: datetime, newsletter_id: int) -> None:
    """Show an issue to everybody and ask for it to be sent; again changes nothing."""
    issue = _held(session, newsletter_id)
    if issue.sent_at is not None:
        return
    issue.sent_at = now
    session.flush()
    asked = {"newsletter_id": issue.id, "after": None, "addresses": 0}
    jobs.ask(session, name=SEND, arguments=asked, at=now, key=key_of(issue.id))
    audit.record(session, actor=actor, action="newsletter.published", subject=subject_of(issue), at=now)


def send_batch(session: Session, *, arguments: dict[str, Any], now: datetime, per_minute: int = 0) -> None:
    """Promise an issue to the next batch of readers, and ask for the one after; then count.

    As many statements however many readers the batch has. Nobody has an issue twice, and no domain more than
    `per_minute` of them (0: no limit).
    """
    issue = queries.get_issue(session, arguments["newsletter_id"])
    after = UUID(arguments["after"]) if arguments["after"] else None
    readers = queries.next_readers(session, after=after, limit=BATCH)
    if not readers:
        audit.record(
            session,
            actor=WORKER,
            action=queries.SENT,
            subject=subject_of(issue),
            at=now,
            details={"addresses": arguments["addresses"]},
        )
        return
    messages = _messages(session, issue, readers)
    promise_assorted(session, prefix=key_of(issue.id), messages=messages, now=now, per_minute=per_minute)
    last = readers[-1].id
    following = arguments | {"after": str(last), "addresses": arguments["addresses"] + len(readers)}
    jobs.ask(session, name=SEND, arguments=following, at=now, key=f"{key_of(issue.id)}{last.hex}")


def subject_of(issue: Newsletter) -> str:
    """Return how the log names an issue."""
    return f"newsletter:{issue.id}"


def _messages(
    session: Session, issue: Newsletter, readers: list[queries.Reader]
) -> dict[Wording, list[Promise]]:
    """Return each text with those who get it: readers of the same parts share one."""
    parts = compose(session, issue, issue.sent_at or issue.until)
    wishes = wishes_of(session, [reader.id for reader in readers])
    by_parts: dict[tuple[str | None, ...], list[Promise]] = {}
    for reader in readers:
        codes = tuple(part.code for part in parts_for(parts, wishes[reader.id].areas))
        key = mails.message_key(reader.id, issue.id)
        message = Promise(key, reader.address, mails.own_addresses(reader.id))
        by_parts.setdefault(codes, []).append(message)
    return {
        mails.issue_mail(issue, [part for part in parts if part.code in codes]): messages
        for codes, messages in by_parts.items()
    }


def _held(session: Session, newsletter_id: int) -> Newsletter:
    chosen = select(Newsletter).where(Newsletter.id == newsletter_id).with_for_update()
    return session.scalars(chosen).one()


def _refuse(title: str, foreword: str, since: datetime, until: datetime, now: datetime) -> None:
    problem = problem_with(title=title, foreword=foreword, since=since, until=until, now=now)
    if problem is not None:
        raise Refused(*problem)
