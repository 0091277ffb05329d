"""Made-up responses, by the thousand, through the same door as everybody's.

Each is a person drawn from the census who fills in the fields of a form, which the version's own kinds of
question read; so what is stored is what a page would have stored. The form's secret comes from the seed:
the same seed stores the same responses, and never twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random
from typing import TypeAlias

from sqlalchemy.orm import Session

from engage.boroughs.queries import census_counts, places
from engage.boroughs.rules import UNDISCLOSED, Measure
from engage.consultations.service import mark_synthetic
from engage.foundations.clock import in_london
from engage.foundations.database import transaction
from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import Definition, follow, read_answers
from engage.questionnaires.queries import get_published
from engage.questionnaires.shipped import EqualityBlock, equality_block
from engage.responses import queries
from engage.responses.bulk import Arrival, submit_many
from engage.responses.contacts import leave_contact
from engage.responses.models import Channel
from engage.responses.population import Lot, Person, Population
from engage.responses.queries import Offer, WayIn
from engage.responses.service import Submission
from engage.responses.tickets import Ticket
from engage.responses.wording import about_you, fill_in

BATCH = 1000
# Of the instruments of the real exercise; another one gets as many as the business form.
SHARES: Mapping[str, float] = {"postcard": 70, "full": 25, "business": 5}
SHARE_BY_LINK = 0.35
SHARE_ABOUT_YOU = 0.3

Equality: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation stored that was not there before."""

    responses: int
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
    open_for = now - stage.opened_at
    stored = 0
    for start in range(0, responses, BATCH):
        numbers = range(start, min(start + BATCH, responses))
        arrivals = []
        for number in numbers:
            submission, equality = next(made_up)
            at = stage.opened_at + open_for * ((number + 1) / (responses + 1))
            arrivals.append(Arrival(submission, at, equality))
        with transaction(session):
            stored += submit_many(session, consultation_id=stage.consultation_id, arrivals=arrivals)
    return Simulated(stored, _leave_addresses(session, stage, contacts, now))


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


def _everybody(stage: _Stage) -> Iterator[tuple[Submission, Equality | None]]:
    """Yield what the respondents of a seed send: always the same ones in the same order."""
    chance = Random(stage.seed)
    block = equality_block()
    for number in count():
        person = stage.population.draw(chance)
        offer = stage.instruments.draw(chance)
        way_in = _way_in(stage, person, chance)
        ticket = Ticket(
            offer.instrument_id,
            offer.version_id,
            way_in.link_id if way_in else 0,
            (way_in.group_id or 0) if way_in else 0,
            chance.randrange(stage.definitions[offer.version_id].rotations),
            0,
            f"simulated-{stage.slug}-{stage.seed}-{number}",
        )
        submission, equality = _submission(stage, ticket, person, chance), _about_you(block, person, chance)
        if submission is not None:
            yield submission, equality


def _submission(stage: _Stage, ticket: Ticket, person: Person, chance: Random) -> Submission | None:
    """Return what somebody sends; None for whose answers lead to an exit page, so that they send nothing."""
    definition = stage.definitions[ticket.version_id]
    route = follow(definition, fill_in(definition.questions, person, chance), ticket.rotation)
    if route.exits:
        return None
    if route.unfinished:
        refused = route.unfinished.problems
        raise ValueError(f"a made-up respondent sent what the form refuses: {refused}")
    area = next((answer["area"] for answer in route.kept.values() if "area" in answer), UNDISCLOSED)
    return Submission(stage.consultation_id, ticket, route.kept, area, Channel.WEB, synthetic=True)


def _way_in(stage: _Stage, person: Person, chance: Random) -> WayIn | None:
    """Return the link somebody came by: one of their borough's, else one of London's, for about a third."""
    # Both are drawn for everybody, so that links made later change nothing else about the respondents.
    by_link, place = chance.random() < SHARE_BY_LINK, chance.random()
    offered = stage.ways_in.get(person.area_code) or stage.ways_in.get(None) or ()
    return offered[int(place * len(offered))] if by_link and offered else None


def _about_you(block: EqualityBlock, person: Person, chance: Random) -> Equality | None:
    if chance.random() >= SHARE_ABOUT_YOU:
        return None
    kept = read_answers(block.questions, about_you(block.questions, person, chance), 0).kept
    answers = {code: answer["chosen"] for code, answer in kept.items()}
    return {"version": block.version, "answers": answers} if answers else None


def _leave_addresses(session: Session, stage: _Stage, how_many: int, now: datetime) -> int:
    before = queries.count_contacts(session, stage.consultation_id)
    with transaction(session):
        for number in range(how_many):
            leave_contact(
                session,
                consultation_id=stage.consultation_id,
                address=f"londoner-{stage.seed}-{number + 1}@example.org",
                today=in_london(now).date(),
            )
    return queries.count_contacts(session, stage.consultation_id) - before
