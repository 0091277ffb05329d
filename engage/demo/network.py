"""What the demonstration's coordinators do with their links: member groups, events and posters, targets."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.demo import steps
from engage.demo.content import Line
from engage.demo.people import COORDINATORS, Member, person_of
from engage.demo.steps import Step
from engage.distribution import counting, queries, service
from engage.distribution.rules import LinkKind
from engage.distribution.service import Wish
from engage.distribution.tree import LinkRow

AFTER_NOTICE = timedelta(days=9)
LONDONS_TARGET = 3000
GROUPS_TARGET = 120
SEED = 44
# Of ten people who open a link about six send it, and one leaves with the form begun.
MORE_OPEN, MORE_START = 0.7, 0.15
WISHES = (
    (Wish(LinkKind.EVENT, "Summer fair in the park", 40, "summer fair"), "walthamforest@engage.test"),
    (Wish(LinkKind.POSTER, "Notice board of the central library", 25), "walthamforest@engage.test"),
    (Wish(LinkKind.EVENT, "Open meeting on safer streets", 30, "open meeting"), "southwark@engage.test"),
)


def steps_of(line: Line, *, now: datetime) -> list[Step]:
    """Return what is done between the notice and the opening, and how many people looked since."""
    return [
        Step(line.added_at + AFTER_NOTICE, steps.while_in(line.slug, State.ANNOUNCED, _prepare)),
        Step(max(now, line.details.opens_at), steps.while_in(line.slug, State.OPEN, _looked)),
    ]


def _prepare(session: Session, consultation: Consultation, now: datetime) -> None:
    """Make links for member groups, events and posters, each by whoever looks after them."""
    _aim(session, consultation, None, LONDONS_TARGET, steps.officer(session), now)
    for member in COORDINATORS:
        person = person_of(session, member)
        assert person.group_id is not None
        service.make_links_for(
            session,
            consultation_id=consultation.id,
            group_ids=queries.family(session, person.group_id),
            now=now,
            actor=person.label,
        )
        _aim(session, consultation, person.group_id, GROUPS_TARGET, person.label, now)
        _make(session, consultation, member, now)


def _make(session: Session, consultation: Consultation, member: Member, now: datetime) -> None:
    person = person_of(session, member)
    own = _link_of(session, consultation, person.group_id)
    for wish, email in WISHES:
        if own and email == member.email:
            service.make_link(session, parent_id=own.id, wish=wish, now=now, actor=person.label)


def _aim(
    session: Session,
    consultation: Consultation,
    group_id: int | None,
    target: int,
    actor: str,
    now: datetime,
) -> None:
    link = _link_of(session, consultation, group_id)
    if link and link.target is None:
        service.change_link(session, link_id=link.id, label="", target=target, now=now, actor=actor)


def _looked(session: Session, consultation: Consultation, now: datetime) -> None:
    """Let people look who did not send anything, once."""
    rows = queries.links_of(session, consultation.id)
    if any(row.counts.opened > row.submitted for row in rows):
        return
    chance = Random(SEED)
    opened = {row.id: int(row.submitted * MORE_OPEN) + chance.randrange(4) for row in rows}
    started = {link_id: int(more * MORE_START) for link_id, more in opened.items()}
    counting.count_opens(session, opened, started)


def _link_of(session: Session, consultation: Consultation, group_id: int | None) -> LinkRow | None:
    kind = LinkKind.AUTHORITY if group_id is None else LinkKind.GROUP
    rows = queries.links_of(session, consultation.id)
    return next((row for row in rows if row.group_id == group_id and row.kind is kind), None)
