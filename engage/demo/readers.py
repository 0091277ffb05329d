"""Who gets the news and the newsletter in the demonstration, and one who has not confirmed it yet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.demo.content import moment_in
from engage.demo.steps import Step
from engage.foundations.database import transaction
from engage.timetable.models import Subscription
from engage.timetable.rules import Topic
from engage.timetable.subscriptions import service
from engage.timetable.subscriptions.rules import EVERYTHING, Mail, Wishes

# Long enough ago that there is news for the first message.
ASKED_WEEKS_AGO = 7
LAMBETH, SOUTHWARK, WALTHAM_FOREST = "E09000022", "E09000028", "E09000031"
READERS = {
    "news.desk@example.test": EVERYTHING,
    "residents@example.test": EVERYTHING,
    "library@example.test": EVERYTHING,
    "youth.council@example.test": Wishes(topics=frozenset({Topic.YOUNG_PEOPLE, Topic.STOP_AND_SEARCH})),
    "traders@example.test": Wishes(topics=frozenset({Topic.BUSINESS_CRIME, Topic.BURGLARY_AND_THEFT})),
    "peckham@example.test": Wishes(areas=frozenset({SOUTHWARK})),
    "bermondsey@example.test": Wishes(areas=frozenset({SOUTHWARK})),
    "rotherhithe@example.test": Wishes(areas=frozenset({SOUTHWARK, LAMBETH})),
    "dulwich@example.test": Wishes(areas=frozenset({SOUTHWARK})),
    "camberwell@example.test": Wishes(areas=frozenset({SOUTHWARK, LAMBETH})),
    "leyton@example.test": Wishes(areas=frozenset({WALTHAM_FOREST})),
    "walthamstow@example.test": Wishes(frozenset({WALTHAM_FOREST}), frozenset({Topic.NEIGHBOURHOODS})),
}
# These want no mail every day.
NEWSLETTER_ONLY = (
    "minister@example.test",
    "allotments@example.test",
    "chess.club@example.test",
    "choir@example.test",
    "bookshop@example.test",
)
UNDECIDED = "undecided@example.test"
NEWS, NEWSLETTER = frozenset({Mail.NEWS}), frozenset({Mail.NEWSLETTER})


def steps_of(today: date, now: datetime) -> list[Step]:
    """Return the steps in which readers ask for the news and confirm it, and one asks only just now."""
    return [Step(moment_in(today, -ASKED_WEEKS_AGO), _ask_and_confirm), Step(now, _ask_only)]


def _ask_and_confirm(session: Session, at: datetime) -> None:
    with transaction(session):
        wanted = [(address, NEWS, wishes) for address, wishes in READERS.items()]
        for address, kinds, wishes in [*wanted, *((one, NEWSLETTER, EVERYTHING) for one in NEWSLETTER_ONLY)]:
            if _known(session, address):
                continue
            service.ask(session, address=address, kinds=kinds, wishes=wishes, now=at)
            asked = session.scalars(select(Subscription).where(Subscription.address == address)).one()
            service.confirm(session, subscription_id=asked.id, now=at)


def _ask_only(session: Session, at: datetime) -> None:
    with transaction(session):
        if not _known(session, UNDECIDED):
            service.ask(session, address=UNDECIDED, kinds=NEWS, wishes=EVERYTHING, now=at)


def _known(session: Session, address: str) -> bool:
    chosen = select(Subscription.id).where(Subscription.address == address)
    return session.scalars(chosen).one_or_none() is not None
