"""A standing panel in the demonstration: people who said yes, and a round that some have answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.boroughs.queries import census_counts, places
from engage.boroughs.rules import Measure
from engage.consultations.models import Instrument
from engage.consultations.queries import get_consultation
from engage.demo.content import moment_in
from engage.demo.steps import Step, officer
from engage.distribution.models import Panel, PanelInvitation, Panellist
from engage.distribution.panels import queries, rounds, service
from engage.distribution.panels.reading import Newcomer
from engage.distribution.panels.rounds import Plan
from engage.foundations.clock import in_london
from engage.foundations.database import transaction
from engage.questionnaires.definitions import follow
from engage.questionnaires.queries import get_published
from engage.responses.population import Population
from engage.responses.service import Submission, submit
from engage.responses.tickets import new_ticket
from engage.responses.wording import fill_in

CODE = "londoners-panel"
INSTRUMENT = "postcard"
PEOPLE, UNDECIDED = 80, 5
ASKED, ANSWERED = 60, 23
SEED = "DEMONSTRATION"
DETAILS = service.Details(
    name="Londoners panel",
    about=(
        "Londoners from every borough who tell the authority what they think of policing. "
        "You are asked a few times a year, and each time it takes about five minutes."
    ),
    consent_text=(
        "I want to be asked from time to time what I think of policing in London. I can leave at any time, "
        "by one click in any message. My address is used for nothing else, and is deleted when I leave."
    ),
    rest_days=60,
    most_a_year=4,
)


def steps_of(slug: str, *, today: date, now: datetime, threshold: int) -> list[Step]:
    """Return the steps of a panel and of its round for the consultation called `slug`, which is open."""
    drawn_at = now - timedelta(days=9)
    return [
        Step(moment_in(today, -60), _make),
        Step(drawn_at, partial(_draw, slug, threshold)),
        Step(now - timedelta(days=3), _ask_more),
        Step(now, partial(_answer, slug, drawn_at)),
    ]


def _make(session: Session, at: datetime) -> None:
    with transaction(session):
        if _find(session) is not None:
            return
        panel = service.make_panel(session, actor=officer(session), now=at, details=DETAILS)
        areas = [area.code for area in places(session)]
        people = [
            Newcomer(f"panel-{n}@example.test", areas[n % len(areas)] if n % 10 else None)
            for n in range(PEOPLE)
        ]
        service.add_people(session, actor=officer(session), panel=panel, newcomers=people, now=at)
        for panellist_id in session.scalars(select(Panellist.id).where(Panellist.panel_id == panel.id)):
            service.say_yes(session, panellist_id=panellist_id, today=in_london(at).date())


def _ask_more(session: Session, at: datetime) -> None:
    with transaction(session):
        panel = _find(session)
        people = [Newcomer(f"perhaps-{n}@example.test") for n in range(UNDECIDED)]
        waiting = select(Panellist.id).where(Panellist.address == people[0].address)
        if panel is not None and session.scalar(waiting) is None:
            service.add_people(session, actor=officer(session), panel=panel, newcomers=people, now=at)


def _draw(slug: str, threshold: int, session: Session, at: datetime) -> None:
    with transaction(session):
        panel = _find(session)
        if panel is None or queries.last_round(session, panel.id) is not None:
            return
        plan = Plan(panel.id, _instrument(session, slug).id, ASKED, True, SEED, 0)
        rounds.draw_round(session, actor=officer(session), plan=plan, threshold=threshold, now=at)


def _answer(slug: str, drawn_at: datetime, session: Session, now: datetime) -> None:
    """Let some of the invited answer between the draw and now, by the way that a form is sent."""
    with transaction(session):
        if session.scalar(select(PanelInvitation.id).where(PanelInvitation.answered.is_(True)).limit(1)):
            return
        instrument = _instrument(session, slug)
        definition = get_published(session, instrument.version_id).definition
        census = {measure: census_counts(session, measure) for measure in Measure}
        population = Population({area.code: area.name for area in places(session)}, census)
        chance = Random(SEED)
        invited = select(PanelInvitation.token_hash).order_by(PanelInvitation.id).limit(ANSWERED)
        for number, token_hash in enumerate(session.scalars(invited).all(), start=1):
            at = drawn_at + (now - drawn_at) * number / (ANSWERED + 1)
            ticket = new_ticket(
                instrument_id=instrument.id,
                version_id=instrument.version_id,
                link_id=0,
                group_id=0,
                rotations=definition.rotations,
                now=at,
                invitation=token_hash.hex(),
            )
            person = population.draw(chance)
            kept = follow(definition, fill_in(definition.questions, person, chance), ticket.rotation).kept
            sent = Submission(instrument.consultation_id, ticket, kept, person.area_code, synthetic=True)
            submit(session, submission=sent, now=at)


def _find(session: Session) -> Panel | None:
    return session.scalars(select(Panel).where(Panel.code == CODE)).one_or_none()


def _instrument(session: Session, slug: str) -> Instrument:
    chosen = select(Instrument).where(
        Instrument.consultation_id == get_consultation(session, slug).id, Instrument.code == INSTRUMENT
    )
    return session.scalars(chosen).one()
