"""The demonstration's past as steps: each at its moment, each done once, however often the demo is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.boroughs.queries import areas
from engage.consultations import queries, service
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.demo import content
from engage.demo.content import Line
from engage.demo.people import OFFICER, person_of
from engage.distribution.service import make_links
from engage.foundations.database import transaction
from engage.questionnaires.kinds.base import Option
from engage.questionnaires.service import load_framework, publish_shipped
from engage.questionnaires.shipped import FRAMEWORK, read_json
from engage.responses.simulation import simulate
from engage.timetable import service as timetable
from engage.timetable.models import Entry

Do: TypeAlias = Callable[[Session, datetime], None]
Verb: TypeAlias = Callable[[Session, Consultation, datetime], None]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done at a moment. `do` opens its own transaction, and does nothing twice."""

    at: datetime
    do: Do


def added(line: Line) -> Step:
    """Return the step that puts a line in the timetable."""

    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            if session.scalar(select(Entry.id).where(Entry.slug == line.slug)) is None:
                timetable.add_entry(
                    session, actor=officer(session), now=now, details=line.details, slug=line.slug
                )

    return Step(line.added_at, do)


def planned(line: Line) -> Do:
    """Return what plans the consultation of a line, with the shipped framework and instruments."""

    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            if queries.find_consultation(session, line.slug) is None:
                _plan(session, line, now)

    return do


def while_in(slug: str, state: State, verb: Verb) -> Do:
    """Return what does `verb` to a consultation that is in `state`, and nothing to one that is past it."""

    def do(session: Session, now: datetime) -> None:
        with transaction(session):
            consultation = queries.get_consultation(session, slug)
            if consultation.state is state:
                verb(session, consultation, now)

    return do


def answered(slug: str, *, responses: int, contacts: int, seed: int) -> Do:
    """Return what lets made-up respondents answer an open consultation, unless they have."""

    def do(session: Session, now: datetime) -> None:
        consultation = queries.get_consultation(session, slug)
        begun = consultation.synthetic
        open_now = consultation.state is State.OPEN
        session.rollback()
        if open_now and not begun:
            simulate(session, slug=slug, responses=responses, seed=seed, now=now, contacts=contacts)

    return do


def announce(session: Session, consultation: Consultation, now: datetime) -> None:
    """Tell the groups, who get their links to pass on."""
    actor = officer(session)
    service.announce(session, actor=actor, now=now, consultation_id=consultation.id)
    make_links(session, actor=actor, now=now, consultation_id=consultation.id)


def open_(session: Session, consultation: Consultation, now: datetime) -> None:
    """Let people answer."""
    service.open_consultation(session, actor=officer(session), now=now, consultation_id=consultation.id)


def close(session: Session, consultation: Consultation, now: datetime) -> None:
    """Let nobody answer any more."""
    service.close(session, actor=officer(session), now=now, consultation_id=consultation.id)


def officer(session: Session) -> str:
    """Return the planning officer, as the audit log writes them."""
    return person_of(session, OFFICER).label


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Return `steps` as they happened; those of the same moment keep their order."""
    return sorted(steps, key=lambda step: step.at)


def _plan(session: Session, line: Line, now: datetime) -> None:
    actor = officer(session)
    entry = session.scalars(select(Entry).where(Entry.slug == line.slug)).one()
    framework = load_framework(session, _framework(line))
    places = [Option(area.code, area.name) for area in areas(session)]
    versions = publish_shipped(session, actor=actor, now=now, framework_id=framework.id, areas=places)
    consultation = service.create(session, actor=actor, now=now, entry_id=entry.id, framework_id=framework.id)
    for offered in content.instruments():
        service.add_instrument(
            session,
            actor=actor,
            now=now,
            consultation_id=consultation.id,
            code=offered.code,
            title=offered.title,
            summary=offered.summary,
            position=None,
            version_id=versions[offered.code].id,
        )


def _framework(line: Line) -> dict[str, object]:
    """Return the shipped framework as that of the line's plan year; its priorities do not change."""
    year = line.details.plan_year or line.details.consultation_year
    shipped = dict(read_json(FRAMEWORK))
    title = f"Priority framework for the plan of {year}/{(year + 1) % 100:02d}"
    return shipped | {"code": f"policing-priorities-{year}", "plan_year": year, "title": title}
