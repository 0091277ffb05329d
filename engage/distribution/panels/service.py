"""Verbs of panels: make one, ask people to join it, say yes, leave."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engage.audit import service as audit
from engage.distribution.models import Panel, Panellist
from engage.distribution.panels.reading import Newcomer
from engage.distribution.panels.rules import CONSENT_WAITS
from engage.foundations import jobs
from engage.foundations.clock import in_london
from engage.foundations.inserts import insert_new
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.outbox import service as outbox
from engage.outbox.rules import PRIVATE

MAILS = f"{PRIVATE}panel:"
ASK_CONSENT = "panels.ask_consent"
CHUNK = 500
# Words that stand for something else in the address of a panel.
TAKEN_CODES = frozenset({"yes", "joined", "leave", "left", "invitation"})
LONGEST_CODE = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an officer says of a panel."""

    name: str
    about: str
    consent_text: str
    rest_days: int
    most_a_year: int


def make_panel(session: Session, *, actor: str, now: datetime, details: Details) -> Panel:
    """Make a panel and return it; raises `Refused` where there is one of that name."""
    panel = Panel(code=_free_code(session, details.name), made_at=now, **asdict(details))
    session.add(panel)
    session.flush()
    audit.record(session, actor=actor, action="panel.made", subject=f"panel:{panel.code}", at=now)
    return panel


def change_panel(session: Session, *, actor: str, now: datetime, panel: Panel, details: Details) -> None:
    """Change what is said of a panel; its address stays."""
    changed = {name: value for name, value in asdict(details).items() if getattr(panel, name) != value}
    for name, value in changed.items():
        setattr(panel, name, value)
    session.flush()
    if changed:
        audit.record(
            session,
            actor=actor,
            action="panel.changed",
            subject=f"panel:{panel.code}",
            at=now,
            details={"changed": sorted(changed)},
        )


def end_panel(session: Session, *, actor: str, now: datetime, panel: Panel) -> None:
    """End a panel and forget its people. Invitations that are out can still be used."""
    panel.ended_on = in_london(now).date()
    session.flush()
    outbox.drop(session, prefix=mailings_of(panel.id), waiting_only=False)
    session.execute(delete(Panellist).where(Panellist.panel_id == panel.id))
    audit.record(session, actor=actor, action="panel.ended", subject=f"panel:{panel.code}", at=now)


def ask_to_join(session: Session, *, panel: Panel, newcomers: Sequence[Newcomer], now: datetime) -> int:
    """Have people asked by mail whether they want to be on a panel; return how many are asked.

    Those who are on it stay as they are and are not asked. Nobody is on it before they say yes. Raises
    `Refused` where the panel has ended.
    """
    if panel.ended_on is not None:
        raise Refused(lazy("This panel has ended, so nobody can join it."))
    today = in_london(now).date()
    rows = [
        {
            "id": uuid4(),
            "panel_id": panel.id,
            "address": newcomer.address,
            "area_code": newcomer.area_code,
            "asked_to_join_on": today,
            "consented_on": None,
        }
        for newcomer in newcomers
    ]
    insert_new(session, Panellist, rows, conflict=("panel_id", "address"))
    asked = _not_asked_today(session, panel.id, [newcomer.address for newcomer in newcomers], rows, today)
    for start in range(0, len(asked), CHUNK):
        chunk = [panellist_id.hex for panellist_id in asked[start : start + CHUNK]]
        jobs.ask(
            session,
            name=ASK_CONSENT,
            arguments={"panel_id": panel.id, "day": today.isoformat(), "panellists": chunk},
            at=now,
        )
    return len(asked)


def add_people(
    session: Session, *, actor: str, panel: Panel, newcomers: Sequence[Newcomer], now: datetime
) -> int:
    """Ask people to join, as an officer; return how many are asked. Raises `Refused`."""
    asked = ask_to_join(session, panel=panel, newcomers=newcomers, now=now)
    audit.record(
        session,
        actor=actor,
        action="panel.people_asked",
        subject=f"panel:{panel.code}",
        at=now,
        details={"named": len(newcomers), "asked": asked},
    )
    return asked


def say_yes(session: Session, *, panellist_id: UUID, today: date) -> None:
    """Put on a panel whoever was asked and says yes. Doing it again changes nothing."""
    session.execute(
        update(Panellist)
        .where(Panellist.id == panellist_id, Panellist.consented_on.is_(None))
        .values(consented_on=today)
    )


def leave(session: Session, *, panellist_id: UUID) -> None:
    """Forget somebody's address, and take back what was written to them. Doing it again changes nothing.

    Invitations stay, without a word of whom they were for: somebody may be answering.
    """
    outbox.take_back(session, keys=messages_to(panellist_id), waiting_only=False)
    session.execute(delete(Panellist).where(Panellist.id == panellist_id))


def remove(session: Session, *, actor: str, panel: Panel, panellist_id: UUID, now: datetime) -> None:
    """Take somebody off a panel, as an officer whom they asked; raises `Refused` where they are not on it."""
    on_it = select(Panellist.id).where(Panellist.id == panellist_id, Panellist.panel_id == panel.id)
    if session.scalar(on_it) is None:
        raise Refused(lazy("This address is not on the panel any more."))
    leave(session, panellist_id=panellist_id)
    audit.record(session, actor=actor, action="panel.person_removed", subject=f"panel:{panel.code}", at=now)


def forget_undecided(session: Session, today: date) -> None:
    """Delete the addresses whose owners were asked to join long ago and never said yes."""
    session.execute(
        delete(Panellist).where(
            Panellist.consented_on.is_(None), Panellist.asked_to_join_on < today - CONSENT_WAITS
        )
    )


def mailings_of(panel_id: int) -> str:
    """Return how the keys of a panel's mailings begin."""
    return f"{MAILS}{panel_id}:"


def messages_to(panellist_id: UUID) -> str:
    """Return how the keys of the messages to somebody on a panel begin."""
    return f"{MAILS}{panellist_id.hex}:"


def _not_asked_today(
    session: Session,
    panel_id: int,
    addresses: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    today: date,
) -> list[UUID]:
    """Return who of these addresses is to be written to: new ones, and those asked on an earlier day."""
    new = {row["id"] for row in rows}
    asked: list[UUID] = []
    for start in range(0, len(addresses), CHUNK):
        waiting = select(Panellist).where(
            Panellist.panel_id == panel_id,
            Panellist.consented_on.is_(None),
            Panellist.address.in_(addresses[start : start + CHUNK]),
        )
        for panellist in session.scalars(waiting.order_by(Panellist.id)):
            if panellist.id in new or panellist.asked_to_join_on < today:
                panellist.asked_to_join_on = today
                asked.append(panellist.id)
    session.flush()
    return asked


def _free_code(session: Session, name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_CODE].strip("-") or "panel"
    taken = {*session.scalars(select(Panel.code)), *TAKEN_CODES}
    numbered = (plain if n == 1 else f"{plain}-{n}" for n in range(1, 1000))
    for code in numbered:
        if code not in taken:
            return code
    raise Refused(lazy("Give the panel a name of its own."), "name")
