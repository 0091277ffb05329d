"""Reminding groups by mail, each with its own link and what came by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.distribution.models import Link
from engage.distribution.reminders.rules import Reminder, due
from engage.distribution.rules import LinkKind, shown_to_group
from engage.foundations.addresses import address_of
from engage.foundations.language import _, number
from engage.foundations.settings import Settings
from engage.foundations.tasks import Periodic
from engage.groups.models import Group
from engage.outbox import service as outbox
from engage.outbox.models import Mailing
from engage.outbox.service import Promise
from engage.timetable.notices.queries import addresses, reached
from engage.timetable.rules import closing_said


def remind_groups(session: Session, now: datetime) -> None:
    """Promise the reminders that are due and have not been; the same one never goes twice.

    Where people are given longer, the last days come again: the reminder's key holds the closing.
    """
    running = select(Consultation).where(Consultation.state == State.OPEN).order_by(Consultation.id)
    for consultation in session.scalars(running):
        reminder = due(consultation.opened_at or now, consultation.closes_at, now)
        if reminder is None:
            continue
        key = f"reminder:{consultation.id}:{reminder}:{consultation.closes_at:%Y%m%d%H%M}"
        known = f"reminder:{consultation.id}:{reminder}:"
        # Of its opening and its middle people are told once, however the closing moves.
        told = Mailing.key == key if reminder is Reminder.LAST_DAYS else Mailing.key.startswith(known)
        if session.scalar(select(Mailing.id).where(told).limit(1)) is None:
            _remind(session, consultation, reminder, key, now)


def _remind(
    session: Session, consultation: Consultation, reminder: Reminder, key: str, now: datetime
) -> None:
    links = _links(session, consultation.id)
    groups = {group.id: group for group in reached(session, [link.group_id for link in links])}
    written_to = addresses(session, list(groups.values()))
    mailing = outbox.add_mailing(
        session,
        key=key,
        subject=_subject(reminder, consultation.title),
        text_body=_text(consultation, reminder),
        html_body=None,
        now=now,
    )
    messages = [
        Promise.to(address, key=f"{key}:{link.group_id}", personal=_personal(link))
        for link in links
        for address in written_to.get(link.group_id, ())
    ]
    outbox.promise(session, mailing=mailing, messages=messages, now=now)


def _links(session: Session, consultation_id: int) -> Sequence[Row[int, str, int, str]]:
    """Return the own links of working groups: group, its name, what came by it, the code."""
    chosen = (
        select(Link.group_id, Group.name, Link.submitted, Link.code)
        .join(Group, Group.id == Link.group_id)
        .where(
            Link.consultation_id == consultation_id,
            Link.kind == LinkKind.GROUP,
            Link.revoked_at.is_(None),
            Group.active.is_(True),
        )
        .order_by(Group.name, Link.id)
    )
    return session.execute(chosen).all()  # type: ignore[return-value]


def _personal(link: Row[int, str, int, str]) -> dict[str, str]:
    settings: Settings = current_app.config["SETTINGS"]
    came = shown_to_group(link.submitted, settings.disclosure_threshold)
    said = _("fewer than %(n)s", n=came.below) if came.number is None else number(came.number)
    return {"group": link.name, "link": address_of("links.follow", code=link.code), "came": str(said)}


def _subject(reminder: Reminder, title: str) -> str:
    said = {
        Reminder.OPEN: _("Open now: %(title)s", title=title),
        Reminder.HALFWAY: _("Halfway: %(title)s", title=title),
        Reminder.LAST_DAYS: _("A week left: %(title)s", title=title),
    }
    return str(said[reminder])


def _text(consultation: Consultation, reminder: Reminder) -> str:
    # Without the pages' context: a worker serves no request.
    template = current_app.jinja_env.get_template("distribution/email/reminder.txt")
    return template.render(
        title=consultation.title,
        reminder=reminder,
        last_day=closing_said(consultation.closes_at),
        group="{{group}}",
        link="{{link}}",
        came="{{came}}",
        links=address_of("coordinator_links.index"),
    )


PERIODIC: dict[str, Periodic] = {"distribution.remind_groups": remind_groups}
