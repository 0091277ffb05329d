"""Whoever calls our mail unwanted is written to no more: from one mail to the next that is not sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engage.distribution.models import PanelInvitation, Panellist
from engage.distribution.panels import rounds, service
from engage.distribution.panels.service import Newcomer
from engage.feedback.ledger import service as ledger
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.outbox.models import OutboxMessage
from engage.responses.models import Contact
from engage.timetable.models import Subscription
from engage.timetable.news import tell
from engage.timetable.rules import NewsKind
from engage.timetable.subscriptions.rules import EVERYTHING, Mail
from engage.timetable.subscriptions.service import ask
from tests.factories.bounces import complaint
from tests.factories.feedback import NOW, make_published
from tests.factories.outbox import Sink, sink
from tests.factories.panels import OFFICER, THRESHOLD, make_panel, plan_for
from tests.factories.responses import DURING, make_exercise
from tests.factories.subscriptions import make_subscription
from tests.factories.timetable import make_entry

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SEVEN = datetime(2027, 6, 2, 6, 0, tzinfo=UTC)
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
# Of two domains, so that neither waits for the other.
ANN, BEN = "ann@one.example", "ben@two.example"


@dataclass
class Provider:
    """A mail server that takes our mail, and reports what its readers complain of."""

    app: Flask
    server: Sink
    work: Callable[..., None]

    def take(self, at: datetime) -> list[str]:
        """Let the worker send what is due; return whom mail has come for since the last time."""
        before = len(self.server.accepted)
        self.work(at, self.server.url)
        return sorted(address for address, _ in self.server.accepted[before:])

    def complain(self, address: str, at: datetime, *, kind: str = "abuse", tampered: bool = False) -> None:
        """Report the last message to `address`; the worker then does what that asks for."""
        senders = [
            to
            for (named, _), to in zip(self.server.accepted, self.server.senders, strict=True)
            if named == address
        ]
        message, _, proof = senders[-1].partition("-")
        if tampered:
            proof = ("b" if proof.startswith("a") else "a") + proof[1:]
        report = complaint(kind, f"Original-Mail-From: <{message}-{proof}>\nOriginal-Rcpt-To: <redacted>\n")
        with clock.stopped_at(at):
            assert self.app.test_cli_runner().invoke(args=["bounce"], input=report).exit_code == 0
        self.work(at, self.server.url)


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], bounce_address="bounces@mail.example")
    return app


@pytest.fixture
def provider(app: Flask, work: Callable[..., None]) -> Iterator[Provider]:
    with sink() as server:
        yield Provider(app, server, work)


def addresses(session: Session, model: type) -> list[str]:
    session.rollback()
    return sorted(session.scalars(select(model.address)))


def recipients(session: Session) -> list[str]:
    session.rollback()
    return sorted(set(session.scalars(select(OutboxMessage.recipient))) - {""})


def test_a_complaint_about_the_news_ends_the_subscription_and_forgets_its_mail(
    session: Session, provider: Provider
) -> None:
    with transaction(session):
        for address in (ANN, BEN):
            make_subscription(session, address=address, newsletter=True)
        entry = make_entry(session)
        tell(session, entry_id=entry.id, kind=NewsKind.ANNOUNCED, at=SEVEN - A_MINUTE * 60)
        entry_id = entry.id
    assert provider.take(SEVEN) == [ANN, BEN]
    provider.complain(ANN, SEVEN + A_MINUTE, kind="not-spam")
    provider.complain(ANN, SEVEN + A_MINUTE, tampered=True)
    assert addresses(session, Subscription) == [ANN, BEN]
    for _ in range(2):
        provider.complain(ANN, SEVEN + A_MINUTE)
    assert addresses(session, Subscription) == [BEN]
    assert recipients(session) == [BEN]
    with transaction(session):
        tell(session, entry_id=entry_id, kind=NewsKind.CHANGED, at=SEVEN + A_MINUTE * 60)
    assert provider.take(SEVEN + A_DAY) == [BEN]


def test_a_complaint_about_being_asked_to_confirm_forgets_whoever_never_asked(
    session: Session, provider: Provider
) -> None:
    with transaction(session):
        for address in (ANN, BEN):
            ask(session, address=address, kinds=frozenset(Mail), wishes=EVERYTHING, now=SEVEN)
    assert provider.take(SEVEN) == [ANN, BEN]
    provider.complain(ANN, SEVEN + A_MINUTE)
    assert addresses(session, Subscription) == [BEN]
    assert recipients(session) == [BEN]


def test_a_complaint_about_being_asked_to_join_takes_an_address_off_the_panel(
    session: Session, provider: Provider
) -> None:
    with transaction(session):
        panel = make_panel(session)
        newcomers = [Newcomer(address, None) for address in (ANN, BEN)]
        service.ask_to_join(session, panel=panel, newcomers=newcomers, now=DURING)
    assert provider.take(DURING) == [ANN, BEN]
    provider.complain(BEN, DURING + A_MINUTE)
    assert addresses(session, Panellist) == [ANN]
    assert recipients(session) == [ANN]


def test_a_complaint_about_an_invitation_takes_them_off_the_panel_and_none_is_reminded(
    session: Session, provider: Provider
) -> None:
    exercise = make_exercise(session)
    with transaction(session):
        panel = make_panel(session, people=10)
        for number, address in enumerate((ANN, BEN)):
            known = Panellist.address == f"p{number}@example.test"
            session.execute(update(Panellist).where(known).values(address=address))
        plan = plan_for(panel, exercise, size=10)
        round_id = rounds.draw_round(session, actor=OFFICER, plan=plan, threshold=THRESHOLD, now=DURING)
    assert {ANN, BEN} <= set(provider.take(DURING + A_MINUTE * 10))
    provider.complain(ANN, DURING + A_MINUTE * 11)
    assert (ANN in addresses(session, Panellist), BEN in addresses(session, Panellist)) == (False, True)
    assert ANN not in recipients(session)
    # The invitation itself stays, of nobody: somebody may be answering.
    assert session.scalar(select(func.count()).select_from(PanelInvitation)) == 10
    later = DURING + A_DAY * 14
    with transaction(session), clock.stopped_at(later):
        rounds.remind(session, actor=OFFICER, round_id=round_id, now=later)
    reminded = provider.take(later + A_MINUTE * 10)
    assert (ANN in reminded, BEN in reminded) == (False, True)


def test_a_complaint_about_feedback_stops_what_else_a_consultation_sends(
    session: Session, provider: Provider
) -> None:
    with transaction(session):
        _, feedback = make_published(session, ANN, BEN)
        ledger.ask_for_everybody(session, feedback.id, now=NOW, reason="published")
    assert provider.take(NOW) == [ANN, BEN]
    provider.complain(ANN, NOW + A_MINUTE)
    session.rollback()
    stopped = dict(session.execute(select(Contact.address, Contact.unsubscribed_on)).all())
    assert stopped == {ANN: NOW.date(), BEN: None}
