"""Made-up responses, by the thousand, through the same door as everybody's: `service.submit`.

Each is a person drawn from the census who fills in the fields of a form, which the version's own kinds of
question read; so what is stored is what a page would have stored. The form's secret comes from the seed:
the same seed stores the same responses, and never twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from engage.boroughs.queries import census_counts, places
from engage.boroughs.rules import UNDISCLOSED, Measure
from engage.consultations.service import mark_synthetic
from engage.foundations.clock import in_london
from engage.foundations.database import transaction
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Answers, Definition, read_answers
from engage.questionnaires.queries import get_published
from engage.questionnaires.shipped import EqualityBlock, equality_block
from engage.responses import queries
from engage.responses.contacts import leave_contact
from engage.responses.models import Channel
from engage.responses.population import Lot, Person, Population
from engage.responses.queries import Offer, WayIn
from engage.responses.service import Receipt, Submission, add_equality, submit
from engage.responses.tickets import Ticket
from engage.responses.wording import about_you, fill_in

BATCH = 1000
# Of the instruments of the real exercise; another one gets as many as the business form.
SHARES: Mapping[str, float] = {"postcard": 70, "full": 25, "business": 5}
SHARE_BY_LINK = 0.35
SHARE_ABOUT_YOU = 0.3
ANYWHERE = None


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation stored that was not there before."""

    responses: int
    about_you: int
    contacts: int


@dataclass(frozen=True, slots=True)
class _Stage:
    """Everything a simulation reads before it writes."""

    slug: str
    seed: int
    consultation_id: int
    opened_at: datetime
    population: Population
    instruments: Lot[Offer]
    definitions: Mapping[int, Definition]
    ways_in: Mapping[str | None, tuple[WayIn, ...]]


@dataclass(frozen=True, slots=True)
class _MadeUp:
    """One response, ready to be sent."""

    person: Person
    ticket: Ticket
    answers: Answers
    equality: Mapping[str, object] | None


def simulate(
    session: Session, *, slug: str, responses: int, seed: int, now: datetime, contacts: int = 0
) -> Simulated:
    """Store `responses` made-up responses, spread over the time from the opening to `now`.

    `contacts` of the respondents leave an address at example.org. The consultation is marked synthetic for
    good. Commits once in a thousand; cut short and run again with the same seed it stores what was missing.
    Raises `Refused` unless the consultation is open at `now`, and where people have answered it.
    """
    stage = _stage(session, slug, seed, now)
    with transaction(session):
        mark_synthetic(session, consultation_id=stage.consultation_id)
    made_up = _everybody(stage)
    stored = told = 0
    for start in range(0, responses, BATCH):
        with transaction(session):
            for number in range(start, min(start + BATCH, responses)):
                moment = stage.opened_at + (now - stage.opened_at) * ((number + 1) / responses)
                one = next(made_up)
                fresh = _send(session, stage, one, moment)
                stored += fresh
                told += fresh and one.equality is not None
        # A long run must not keep every response it has written.
        session.expunge_all()
    left = _leave_addresses(session, stage, contacts, now)
    return Simulated(stored, told, left)


def _stage(session: Session, slug: str, seed: int, now: datetime) -> _Stage:
    offers = queries.offers(session, slug)
    if not offers:
        raise Refused(lazy("There is no consultation called %(slug)s with a questionnaire.", slug=slug))
    consultation_id = offers[0].consultation_id
    if not offers[0].is_open(now):
        raise Refused(lazy("The consultation %(slug)s is not open, so nobody can answer it.", slug=slug))
    if not offers[0].synthetic and queries.has_responses(session, consultation_id):
        raise Refused(lazy("People have answered %(slug)s: made-up responses stay out of it.", slug=slug))
    census = {measure: census_counts(session, measure) for measure in Measure}
    versions = {offer.version_id: get_published(session, offer.version_id).definition for offer in offers}
    stage = _Stage(
        slug=slug,
        seed=seed,
        consultation_id=consultation_id,
        opened_at=queries.get_opening(session, consultation_id),
        population=Population({area.code: area.name for area in places(session)}, census),
        instruments=Lot({offer: SHARES.get(offer.code, SHARES["business"]) for offer in offers}),
        definitions=versions,
        ways_in=queries.ways_in(session, consultation_id),
    )
    session.rollback()
    return stage


def _everybody(stage: _Stage) -> Iterator[_MadeUp]:
    """Yield the respondents of a seed one after another: always the same ones in the same order."""
    chance = Random(f"{stage.slug} {stage.seed}")
    block = equality_block()
    number = 0
    while True:
        person = stage.population.draw(chance)
        offer = stage.instruments.draw(chance)
        definition = stage.definitions[offer.version_id]
        way_in = _way_in(stage, person, chance)
        ticket = Ticket(
            offer.instrument_id,
            offer.version_id,
            way_in.link_id if way_in else 0,
            way_in.group_id if way_in else 0,
            chance.randrange(definition.rotations),
            f"simulated-{stage.slug}-{stage.seed}-{number}",
        )
        fields = fill_in(definition.questions, person, chance)
        answers = read_answers(definition.questions, fields, ticket.rotation)
        if answers.problems:
            raise ValueError(f"a made-up respondent sent what {offer.code} refuses: {answers.problems}")
        yield _MadeUp(person, ticket, answers, _about_you(block, person, chance))
        number += 1


def _way_in(stage: _Stage, person: Person, chance: Random) -> WayIn | None:
    """Return the link somebody came by: one of their borough's, else one of London's, for about a third."""
    # Both are drawn for everybody, so that links made later change nothing else about the respondents.
    by_link, place = chance.random() < SHARE_BY_LINK, chance.random()
    offered = stage.ways_in.get(person.area_code) or stage.ways_in.get(ANYWHERE) or ()
    return offered[int(place * len(offered))] if by_link and offered else None


def _about_you(block: EqualityBlock, person: Person, chance: Random) -> Mapping[str, object] | None:
    if chance.random() >= SHARE_ABOUT_YOU:
        return None
    kept = read_answers(block.questions, about_you(block.questions, person, chance), 0).kept
    answers = {code: answer["chosen"] for code, answer in kept.items()}
    return {"version": block.version, "answers": answers} if answers else None


def _send(session: Session, stage: _Stage, one: _MadeUp, moment: datetime) -> bool:
    """Store one response, and tell whether it was new."""
    area = next((answer["area"] for answer in one.answers.kept.values() if "area" in answer), UNDISCLOSED)
    submission = Submission(
        stage.consultation_id, one.ticket, one.answers.kept, area, Channel.WEB, synthetic=True
    )
    receipt: Receipt = submit(session, submission=submission, now=moment)
    if one.equality is not None:
        add_equality(session, response_id=receipt.response_id, equality=one.equality)
    return receipt.fresh


def _leave_addresses(session: Session, stage: _Stage, count: int, now: datetime) -> int:
    before = queries.count_contacts(session, stage.consultation_id)
    with transaction(session):
        for number in range(count):
            leave_contact(
                session,
                consultation_id=stage.consultation_id,
                address=f"londoner-{stage.seed}-{number + 1}@example.org",
                today=in_london(now).date(),
            )
    return queries.count_contacts(session, stage.consultation_id) - before
