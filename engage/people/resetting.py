"""A forgotten password: a link by mail to choose another.

What the page does is the same for every address that is typed; whether anybody has it is found out by the
worker, so that neither the answer nor the time it takes tells.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engage.foundations import jobs
from engage.foundations.jobs import Job, JobState
from engage.people import keys, mails, queries, service
from engage.people.mails import News
from engage.people.models import Person
from engage.people.rules import MOST_RESETS, KeyPurpose

SEND = "people.send_reset"


def ask(session: Session, *, email: str, now: datetime) -> None:
    """Have the owner of an address mailed the way to a new password, where there is one."""
    jobs.ask(session, name=SEND, arguments={"email": email.strip().lower()}, at=now)


def send(session: Session, *, email: str, now: datetime) -> None:
    """Mail whoever has this address a key, unless they hold enough of them or have no password yet."""
    person = queries.find_by_email(session, email)
    if person is None or not person.active or person.password_hash is None:
        return
    if keys.count_good(session, person_id=person.id, purpose=KeyPurpose.RESET, now=now) >= MOST_RESETS:
        return
    secret = keys.make_key(session, person_id=person.id, purpose=KeyPurpose.RESET, now=now)
    mails.mail_reset(session, person=person, secret=secret, now=now)


def choose(session: Session, *, token_hash: bytes, password: str, now: datetime) -> Person:
    """Give the holder of a key a new password, once, and end all their sessions.

    Refuses, and rolls back, as `keys.trade` does.
    """
    traded = keys.trade(session, token_hash=token_hash, purpose=KeyPurpose.RESET, password=password, now=now)
    person = traded.person
    service.set_password(session, person=person, hashed=traded.hashed, now=now, actor=person.label)
    mails.tell(session, person=person, news=News.CREDENTIALS, now=now)
    return person


def forget_asked(session: Session, now: datetime) -> None:
    """Delete what was asked for and is done: it holds an address, perhaps of somebody without an account."""
    done = delete(Job).where(Job.name == SEND, Job.state != JobState.QUEUED)
    session.execute(done, execution_options={"synchronize_session": False})
