"""What the start pages show. Each reads in a fixed number of queries, however long the timetable is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.boroughs import queries as boroughs
from engage.consultations import queries as consultations
from engage.consultations.models import Consultation
from engage.consultations.queries import Line
from engage.consultations.rules import State, has_reached
from engage.desks.rules import Due, Tile, due, ours_first, tiles
from engage.distribution.rules import Shown
from engage.distribution.told import came_by_links
from engage.foundations.jobs import JobState
from engage.groups import queries as groups
from engage.groups.models import Group
from engage.outbox import queries as outbox
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome
from engage.questionnaires.models import Priority
from engage.responses.models import Response, ResponseRevision, RevisionKind
from engage.timetable import queries as timetable
from engage.timetable.overlaps import queries as overlaps
from engage.timetable.queries import Filters, Listed
from engage.timetable.rules import EntryState, grouped

CAME_OF = 2
DECISIONS_OF_EACH = 3


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a priority: named by `mentions` of the `base` responses that could have named it."""

    priority: str
    outcome: Outcome
    reason: str
    mentions: int
    base: int


@dataclass(frozen=True, slots=True)
class CameOf:
    """A consultation that has been fed back, with what was decided on the priorities named most."""

    entry: Listed
    decisions: Sequence[Decided]


@dataclass(frozen=True, slots=True)
class Front:
    """The front page. Open: ours, then soonest to close; coming: soonest to open; came of: latest first."""

    open: Sequence[Listed]
    coming: Sequence[Listed]
    waiting: Sequence[Listed]
    came_of: Sequence[CameOf]
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Office:
    """An officer's desk: what is due, the consultations (last to open first), how the mail stands, and how
    many overlaps of the timetable nobody has decided on."""

    due: Sequence[Due]
    consultations: Sequence[Line]
    mail: Mapping[JobState, int]
    overlaps: int


@dataclass(frozen=True, slots=True)
class Community:
    """A coordinator's desk. `came_by_link`: what came by the group's links, by the consultation's slug."""

    group: Group
    members: Sequence[Group]
    open: Sequence[Listed]
    coming: Sequence[Listed]
    came_by_link: Mapping[str, Shown]


class Counted(NamedTuple):
    """A consultation with the number of its responses that have not been withdrawn."""

    slug: str
    state: State
    responses: int


def count_responses(session: Session) -> list[Counted]:
    """Return every consultation by slug, with its responses counted; one query for all."""
    withdrawn = select(ResponseRevision.response_id).where(ResponseRevision.kind == RevisionKind.WITHDRAWN)
    kept = (Response.consultation_id == Consultation.id) & Response.id.not_in(withdrawn)
    statement = (
        select(Consultation.slug, Consultation.state, func.count(Response.id))
        .outerjoin(Response, kept)
        .group_by(Consultation.id, Consultation.slug, Consultation.state)
        .order_by(Consultation.slug)
    )
    return [Counted(*row) for row in session.execute(statement)]


def front(session: Session, *, now: datetime) -> Front:
    """Return what the front page shows at `now`."""
    states = grouped(timetable.entries(session), now)
    opened, coming = states.get(EntryState.OPEN, []), states.get(EntryState.FORTHCOMING, [])
    fed_back = states.get(EntryState.FED_BACK, [])[:CAME_OF]
    decisions = _decisions(session, [entry.slug for entry in fed_back])
    return Front(
        open=ours_first(opened),
        coming=coming,
        waiting=states.get(EntryState.CLOSED, []),
        came_of=[CameOf(entry, decisions.get(entry.slug, [])[:DECISIONS_OF_EACH]) for entry in fed_back],
        tiles=tiles(boroughs.places(session), _areas(opened), _areas(coming)),
    )


def office(session: Session, *, now: datetime) -> Office:
    """Return an officer's desk at `now`."""
    lines = consultations.list_consultations(session)
    decided = frozenset(line.slug for line in lines if has_reached(line.state, State.DECIDED))
    return Office(
        due=due(timetable.entries(session), decided, now),
        consultations=lines,
        mail=outbox.count_states(session),
        overlaps=overlaps.undecided(session, now),
    )


def community(session: Session, *, group_id: int, threshold: int, now: datetime) -> Community:
    """Return the desk of the coordinator of a group at `now`; raises `NoResultFound` for no such group.

    A count from 1 to below `threshold` is not told even to the group whose link it is.
    """
    group = groups.get_group(session, group_id)
    concerns = Filters(area_code=group.area_code)
    states = grouped(timetable.entries(session, concerns), now)
    return Community(
        group=group,
        members=groups.members_of(session, group_id),
        open=ours_first(states.get(EntryState.OPEN, [])),
        coming=states.get(EntryState.FORTHCOMING, []),
        came_by_link=came_by_links(session, group_id=group_id, threshold=threshold),
    )


def _areas(entries: Iterable[Listed]) -> list[str]:
    return [entry.area_code for entry in entries if entry.area_code is not None]


def _decisions(session: Session, slugs: Sequence[str]) -> Mapping[str, list[Decided]]:
    """Return the decisions of the consultations called `slugs`, the most named priority first."""
    statement = (
        select(Consultation.slug, Decision, Priority.label)
        .join(Decision, Decision.consultation_id == Consultation.id)
        .join(
            Priority,
            (Priority.framework_id == Consultation.framework_id) & (Priority.code == Decision.priority_code),
        )
        .where(Consultation.slug.in_(slugs))
        .order_by(Decision.mentions.desc(), Decision.id)
    )
    decided: dict[str, list[Decided]] = {}
    for slug, decision, label in session.execute(statement):
        decided.setdefault(slug, []).append(
            Decided(label, decision.outcome, decision.reason, decision.mentions, decision.base)
        )
    return decided
