"""What became of the earlier decisions since: told to those who asked, and summed up in a newsletter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.consultations.queries import get_consultation
from engage.demo.content import EARLIER, moment_in
from engage.demo.people import OFFICER, person_of
from engage.demo.readers import READERS
from engage.demo.steps import Step
from engage.feedback.models import Newsletter
from engage.feedback.newsletter import service as newsletters
from engage.foundations.database import transaction
from engage.plan_export.deciding import progress
from engage.plan_export.models import Decision
from engage.plan_export.rules import Outcome, Standing
from engage.responses.contacts import leave_contact
from engage.timetable.models import Subscription
from engage.timetable.subscriptions import queries as subscriptions
from engage.timetable.subscriptions import service as subscribing
from engage.timetable.subscriptions.rules import Mail

WANTING = ("w.achebe@example.test", "j.lindqvist@example.test", "tenants.sw9@example.test")
TOLD = (
    (Standing.UNDER_WAY, "The first teams began their work, and report to the Authority every three months."),
    (Standing.DONE, "It is in place in every borough. The figures will be in the yearly report."),
)
FOREWORD = (
    "This is what Londoners were asked about policing in the last weeks, what was decided, and how far it "
    "has come.\nThank you to everybody who answered, and to the groups who passed the questions on."
)
WEEKS = 6


def steps_of(today: date, work: Callable[[], None]) -> list[Step]:
    """Return the steps: wishes left, progress told, the mail of the next morning, and one issue."""
    told = moment_in(today, -3, 2, time(15))
    return [
        Step(moment_in(today, -45, 4, time(18)), _want),
        Step(told, _tell),
        Step(told + timedelta(days=1), lambda session, now: work()),
        Step(moment_in(today, -1, 1, time(10)), _send_newsletter),
        Step(moment_in(today, -1, 1, time(10, 2)), lambda session, now: work()),
    ]


def _want(session: Session, at: datetime) -> None:
    with transaction(session):
        consultation = get_consultation(session, EARLIER)
        for address in WANTING:
            leave_contact(
                session,
                consultation_id=consultation.id,
                address=address,
                today=at.date(),
                wants_updates=True,
            )


def _tell(session: Session, at: datetime) -> None:
    """Say how far the first decisions have come, unless somebody has."""
    with transaction(session):
        decisions = session.scalars(
            select(Decision)
            .where(Decision.consultation_id == get_consultation(session, EARLIER).id)
            .where(Decision.outcome != Outcome.NOT_ADOPTED)
            .order_by(Decision.id)
        ).all()
        said = progress.of(session, [decision.id for decision in decisions])
        for decision, (standing, words) in zip(decisions, TOLD, strict=False):
            if decision.id not in said:
                progress.record(
                    session,
                    actor=person_of(session, OFFICER).label,
                    now=at,
                    decision_id=decision.id,
                    standing=standing,
                    said=words,
                )


def _send_newsletter(session: Session, at: datetime) -> None:
    """Let the readers of the news ask for the newsletter, too, and send one issue."""
    with transaction(session):
        if session.scalar(select(Newsletter.id).limit(1)) is not None:
            return
        chosen = select(Subscription).where(Subscription.address.in_(list(READERS)))
        readers = session.scalars(chosen.order_by(Subscription.address)).all()
        wishes = subscriptions.wishes_of(session, [reader.id for reader in readers])
        for reader in readers:
            own = wishes[reader.id]
            subscribing.change(session, subscription_id=reader.id, kinds=frozenset(Mail), wishes=own, now=at)
        actor = person_of(session, OFFICER).label
        issue = newsletters.start(
            session,
            actor=actor,
            now=at,
            title="Asked, decided, done",
            foreword=FOREWORD,
            since=at - timedelta(weeks=WEEKS),
            until=at,
        )
        newsletters.publish(session, actor=actor, now=at, newsletter_id=issue.id)
