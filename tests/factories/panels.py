"""Panels with people on them, and rounds of invitations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation, Instrument
from engage.distribution.models import Panel, PanelInvitation, Panellist
from engage.distribution.panels import rounds, service
from engage.distribution.panels.rounds import Plan
from engage.distribution.panels.secrets import secret_of
from tests.factories.responses import DURING, Exercise, make_asking_entry

JOINED = date(2027, 1, 5)
OFFICER = "Test officer <officer@example.test>"
THRESHOLD = 5
DETAILS = service.Details(
    name="London voices",
    about="What Londoners think of policing, a few times a year.",
    consent_text="I want to be asked from time to time.",
    rest_days=60,
    most_a_year=4,
)


def make_panel(
    session: Session, *, people: int = 0, area_code: str | None = None, code: str = "london-voices"
) -> Panel:
    """Return a stored panel with so many people who said yes: p0@example.test and so on."""
    panel = Panel(
        code=code,
        name=DETAILS.name,
        about=DETAILS.about,
        consent_text=DETAILS.consent_text,
        rest_days=DETAILS.rest_days,
        most_a_year=DETAILS.most_a_year,
        made_at=DURING - timedelta(days=300),
    )
    session.add(panel)
    session.flush()
    rows = [
        {
            "id": uuid4(),
            "panel_id": panel.id,
            "address": f"p{n}@example.test",
            "area_code": area_code,
            "asked_to_join_on": JOINED,
            "consented_on": JOINED,
        }
        for n in range(people)
    ]
    if rows:
        session.execute(insert(Panellist), rows)
    return panel


def plan_for(
    panel: Panel, exercise: Exercise, *, size: int = 10, instrument: str = "postcard", after: int = 0
) -> Plan:
    """Return a plan to invite so many of a panel."""
    return Plan(panel.id, exercise.instruments[instrument].id, size, False, "SEED", after)


def make_round(
    session: Session, exercise: Exercise, *, people: int = 12, size: int = 10, instrument: str = "postcard"
) -> int:
    """Return a committed round of a new panel, drawn during the consultation."""
    panel = make_panel(session, people=people)
    plan = plan_for(panel, exercise, size=size, instrument=instrument)
    round_id = rounds.draw_round(session, actor=OFFICER, plan=plan, threshold=THRESHOLD, now=DURING)
    session.commit()
    return round_id


def another(session: Session, exercise: Exercise, slug: str) -> Exercise:
    """Return a second open consultation with the postcard of the first."""
    entry = make_asking_entry(session, slug)
    first = exercise.consultation
    consultation = Consultation(
        entry_id=entry.id,
        slug=slug,
        title=entry.title,
        framework_id=first.framework_id,
        state=first.state,
        closes_at=first.closes_at,
        grace_ends_at=first.grace_ends_at,
        opened_at=first.opened_at,
    )
    session.add(consultation)
    session.flush()
    postcard = exercise.instruments["postcard"]
    instrument = Instrument(
        consultation_id=consultation.id,
        code=postcard.code,
        title=postcard.title,
        summary="",
        position=1,
        version_id=postcard.version_id,
    )
    session.add(instrument)
    session.commit()
    return replace(exercise, consultation=consultation, instruments={"postcard": instrument})


def secrets_of(session: Session, round_id: int) -> list[str]:
    """Return the secrets that the invited were mailed, in the order of their keys."""
    ids = select(PanelInvitation.id).where(PanelInvitation.round_id == round_id).order_by(PanelInvitation.id)
    return [secret_of(id) for id in session.scalars(ids)]


def panellist_named(session: Session, address: str) -> UUID:
    """Return the key of the panellist with this address."""
    return session.scalars(select(Panellist.id).where(Panellist.address == address)).one()


def day_after(days: float) -> datetime:
    """Return a moment so many days after the round was drawn."""
    return DURING + timedelta(days=days)
