"""How the earlier feedback came to groups and by post: chosen, printed, posted, passed on, signed for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.queries import get_consultation, get_consultation_by_id
from engage.consultations.rules import State
from engage.demo import content, steps
from engage.demo.content import Line
from engage.demo.earlier import Tools
from engage.demo.people import COORDINATORS, OFFICER, person_of
from engage.demo.steps import Step
from engage.feedback.ledger import cascade, others, post, queries, service
from engage.feedback.ledger.post import Slip
from engage.feedback.models import Delivery, Feedback
from engage.feedback.queries import find_feedback
from engage.feedback.rules import Route
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.groups.models import Group
from engage.groups.rules import GroupKind

Verb: TypeAlias = Callable[[Session, Feedback, datetime], None]
PANELS = 3
TOLD = "In our newsletter, and at the meeting of the month."
WHY = "Some groups have no email address in the register yet. We rang those that have a telephone."
SLIPS = (
    Slip("Mrs M. Okafor", "Flat 4\n18 Hoe Street\nWalthamstow", "E17 4QR"),
    Slip("T. Brennan", "61 Peckham Road", "SE5 8UH"),
    Slip("Amina Yusuf", "9 Lea Bridge Road\nLeyton", "E10 7LT"),
)


def steps_of(line: Line, *, today: date, tools: Tools) -> list[Step]:
    """Return what was done around and after the publication, at its moments."""

    def at(weeks: int, day: int, hour: int) -> datetime:
        return content.moment_in(today, weeks, day, time(hour))

    def once(verb: Verb) -> steps.Do:
        def do(session: Session, now: datetime) -> None:
            with transaction(session):
                consultation = get_consultation(session, line.slug)
                feedback = find_feedback(session, consultation.id)
                if feedback is None or feedback.published_at is None:
                    return
                verb(session, feedback, now)

        return do

    def work(session: Session, now: datetime) -> None:
        tools.work()

    return [
        Step(at(-36, 1, 11), once(_choose)),
        Step(at(-36, 1, 12), work),
        Step(at(-36, 1, 15), once(_write)),
        Step(at(-36, 2, 16), once(_post)),
        Step(at(-35, 3, 19), once(_pass_on)),
        Step(at(-34, 0, 10), once(_sign)),
        Step(at(-34, 0, 11), work),
    ]


def _choose(session: Session, feedback: Feedback, now: datetime) -> None:
    """Tell some Safer Neighbourhoods panels besides, and keep the slips of paper."""
    # The slips themselves are deleted once their purpose ends; the ledger's rows for them stay.
    posted = select(Delivery.id).where(Delivery.feedback_id == feedback.id, Delivery.route == Route.POST)
    if post.count_postal(session, feedback.consultation_id) or session.scalar(posted.limit(1)):
        return
    panels = select(Group.id).where(
        Group.kind == GroupKind.SAFER_NEIGHBOURHOODS_PANEL, Group.active.is_(True)
    )
    chosen = set(session.scalars(panels.order_by(Group.id).limit(PANELS)))
    actor = steps.officer(session)
    if chosen - queries.listed_groups(session, feedback.id):
        others.choose_groups(session, actor=actor, now=now, feedback_id=feedback.id, group_ids=chosen)
    post.add_slips(
        session,
        actor=actor,
        now=now,
        consultation_id=feedback.consultation_id,
        slips=SLIPS,
        left_on=now.date(),
    )


def _write(session: Session, feedback: Feedback, now: datetime) -> None:
    """Print the letters that are due."""
    if not post.batches(session, feedback.id):
        post.make_batch(session, actor=steps.officer(session), now=now, feedback_id=feedback.id)


def _post(session: Session, feedback: Feedback, now: datetime) -> None:
    """Take the letters to the post."""
    for batch in post.batches(session, feedback.id):
        if batch.posted_on is None:
            post.mark_posted(
                session, actor=steps.officer(session), now=now, batch_id=batch.id, posted_on=now.date()
            )


def _pass_on(session: Session, feedback: Feedback, now: datetime) -> None:
    """Let the first coordinator say that their group told its members."""
    person = person_of(session, COORDINATORS[0])
    own = {person.group_id} if person.group_id is not None else set()
    for told in cascade.owed_to(session, own):
        if told.confirmed_at is None:
            cascade.confirm(
                session,
                actor=person.label,
                name=person.name,
                now=now,
                delivery_id=told.delivery_id,
                group_ids=own,
                how=TOLD,
            )


def _sign(session: Session, feedback: Feedback, now: datetime) -> None:
    """Sign why not everybody was reached, where the target is not met."""
    state = get_consultation_by_id(session, feedback.consultation_id).state
    if state is State.FED_BACK or feedback.signed_off_at is not None:
        return
    officer = person_of(session, OFFICER)
    try:
        service.sign_off(
            session, actor=officer.label, name=officer.name, now=now, feedback_id=feedback.id, reason=WHY
        )
    except Refused:
        # The target is met after all.
        return
