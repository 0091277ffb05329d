"""A database with one open consultation: London, the shipped framework and the shipped questionnaires."""

from __future__ import annotations

from datetime import datetime, timedelta

import flask_migrate
from flask import Flask
from sqlalchemy.orm import Session

from engage import create_app
from engage.boroughs.queries import areas
from engage.boroughs.service import load_london
from engage.consultations import service as consultations
from engage.foundations.clock import in_london
from engage.foundations.database import db, transaction
from engage.foundations.settings import Settings
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.service import load_framework, publish_shipped
from engage.questionnaires.shipped import FRAMEWORK, INSTRUMENTS, read_json
from engage.timetable.details import EntryDetails
from engage.timetable.duties.rules import NO_DUTY
from engage.timetable.rules import Level
from engage.timetable.service import add_entry

SLUG = "measured"
ACTOR = "engage bench"


def make_ready(settings: Settings, now: datetime) -> Flask:
    """Migrate the empty database of `settings`, open a consultation in it, and return its application."""
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        with transaction(db.session):
            open_consultation(db.session, now=now)
    return app


def open_consultation(session: Session, *, now: datetime, slug: str = SLUG) -> int:
    """Load London, publish what ships and open a consultation that ran since yesterday; return its id."""
    load_london(session)
    framework = load_framework(session, read_json(FRAMEWORK))
    places = [Option(area.code, area.name) for area in areas(session)]
    versions = publish_shipped(session, actor=ACTOR, now=now, framework_id=framework.id, areas=places)
    entry = add_entry(session, actor=ACTOR, now=now, details=_details(now), slug=slug)
    consultation = consultations.create(
        session, actor=ACTOR, now=now, entry_id=entry.id, framework_id=framework.id
    )
    for code in INSTRUMENTS:
        consultations.add_instrument(
            session,
            actor=ACTOR,
            now=now,
            consultation_id=consultation.id,
            code=code,
            title=code.capitalize(),
            summary="",
            position=None,
            version_id=versions[code].id,
        )
    for move in (consultations.announce, consultations.open_consultation):
        move(session, actor=ACTOR, now=now, consultation_id=consultation.id)
    return consultation.id


def _details(now: datetime) -> EntryDetails:
    today = in_london(now).date()
    return EntryDetails(
        title="Policing priorities, measured",
        organisation="Metropolitan Police Authority",
        level=Level.CONSULTATION,
        duty=NO_DUTY,
        consultation_year=today.year,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
        purpose="To see how fast answers can be given.",
        can_change="Nothing.",
        cannot_change="Everything.",
        audience="Nobody.",
        methods="A program.",
        how_to_take_part="Run engage bench.",
        decision_maker="Nobody",
        notice_given_on=today - timedelta(days=120),
        decision_due_on=today + timedelta(days=60),
        feedback_due_on=today + timedelta(days=90),
    )
