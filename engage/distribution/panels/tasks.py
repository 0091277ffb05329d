"""What the worker does for panels."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.distribution.models import Panel, Panellist, PanelRound
from engage.distribution.panels import invitations, mails, queries, service
from engage.distribution.panels.mails import REMINDER
from engage.distribution.panels.rounds import MAIL_ROUND
from engage.distribution.panels.shuffling import shuffle_when_due
from engage.foundations import jobs
from engage.foundations.clock import in_london
from engage.foundations.tasks import Periodic, Task
from engage.outbox import service as outbox
from engage.outbox.bounces import REPORTS_COME_WITHIN

# What is paced is out by then, however many; and what was due is taken back.
LATELY = timedelta(days=7)


def ask_consent(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Ask some of a panel's newcomers by mail, without those who said yes or left meanwhile."""
    panel = session.get_one(Panel, arguments["panel_id"])
    ids = [UUID(hex=text) for text in arguments["panellists"]]
    waiting = select(Panellist.id, Panellist.address).where(
        Panellist.id.in_(ids), Panellist.consented_on.is_(None)
    )
    people = [(id, address) for id, address in session.execute(waiting.order_by(Panellist.id))]
    day = date.fromisoformat(arguments["day"])
    if people and panel.ended_on is None:
        mails.mail_consent(session, panel=panel, people=people, on=day, now=now)


def mail_round(session: Session, now: datetime, arguments: dict[str, Any]) -> None:
    """Promise the next chunk of a round's invitations or reminders; nothing once it is closed."""
    kind = arguments["kind"]
    found = session.get_one(PanelRound, arguments["round_id"])
    panel = session.get_one(Panel, found.panel_id)
    line = queries.get_round(session, code=panel.code, round_id=found.id)
    if not line.is_open(now):
        return
    invited = invitations.to_be_mailed(
        session,
        round_id=found.id,
        reminding=kind == REMINDER,
        after=UUID(hex=arguments["after"]) if arguments["after"] else None,
        limit=service.CHUNK,
    )
    if invited:
        mails.mail_round(session, panel=panel, line=line, kind=kind, invited=invited, now=now)
    if len(invited) == service.CHUNK:
        following = arguments | {"after": invited[-1].invitation_id.hex}
        jobs.ask(session, name=MAIL_ROUND, arguments=following, at=now)


def stop_mail(session: Session, now: datetime) -> None:
    """Take back what waits to leave and has no use: all of a closed round, reminders of used invitations."""
    for over in invitations.over(session, now, now - LATELY):
        for kind in (mails.INVITATION, REMINDER):
            outbox.drop(session, prefix=mails.mailing_of(over, kind))
    for reminded in invitations.lately_reminded(session, now - LATELY):
        used = invitations.answered_of(session, reminded.id)
        outbox.take_back(session, keys=[mails.message_key(who, which, REMINDER) for which, who in used])


def forget(session: Session, now: datetime) -> None:
    """Empty messages that left of their secrets, and forget those who were asked and never said yes."""
    outbox.forget_secrets(session, prefix=service.MAILS, now=now, keep=REPORTS_COME_WITHIN)
    service.forget_undecided(session, in_london(now).date())


TASKS: dict[str, Task] = {service.ASK_CONSENT: ask_consent, MAIL_ROUND: mail_round}
PERIODIC: dict[str, Periodic] = {
    "panels.stop_mail": stop_mail,
    "panels.forget": forget,
    "panels.shuffle": shuffle_when_due,
}
