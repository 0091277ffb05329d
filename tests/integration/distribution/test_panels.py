"""A panel: joining it by saying yes, leaving it, and being asked in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.distribution.models import Panel, PanelInvitation, Panellist
from engage.distribution.panels import queries, rounds, service, tasks
from engage.distribution.panels.secrets import hash_of
from engage.foundations import clock
from engage.foundations.database import transaction
from engage.foundations.refusals import Refused
from engage.outbox.models import BouncedAddress, OutboxMessage
from tests.factories.outbox import Sink, sink
from tests.factories.panels import (
    OFFICER,
    THRESHOLD,
    another,
    day_after,
    make_panel,
    make_round,
    panellist_named,
    plan_for,
    secrets_of,
)
from tests.factories.responses import AFTER, CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as running:
        yield running


@pytest.fixture
def work_long(work: Callable[..., None], server: Sink) -> Callable[[datetime], None]:
    """Let a worker do all that falls due within some minutes of a moment: what is paced, too."""

    def working(moment: datetime) -> None:
        for minutes in (0, 5):
            work(moment + timedelta(minutes=minutes), server.url)

    return working


def link_in(server: Sink, address: str, page: str) -> str:
    """Return the last mailed link to a page of a panel, without its host."""
    text = [mail.get_content() for to, mail in server.accepted if to == address][-1]
    found = next(word for word in text.split() if f"/panel/{page}?" in word)
    parts = urlsplit(found)
    return f"{parts.path}?{parts.query}"


def asked_on(session: Session, panel: Panel, exercise: Exercise, moment: datetime, **plan: Any) -> int:
    with transaction(session):
        last = queries.last_round(session, panel.id)
        made = plan_for(panel, exercise, after=last.id if last else 0, **plan)
        return rounds.draw_round(session, actor=OFFICER, plan=made, threshold=THRESHOLD, now=moment)


def people(session: Session) -> list[tuple[str, bool]]:
    rows = session.execute(select(Panellist.address, Panellist.consented_on).order_by(Panellist.address))
    return [(address, consented is not None) for address, consented in rows]


def test_nobody_is_on_a_panel_before_they_said_yes_and_one_click_leaves_it(
    session: Session, client: PageClient, server: Sink, exercise: Exercise, work: Callable[..., None]
) -> None:
    make_panel(session)
    session.commit()
    form = {"address": "Ann@Example.test", "area_code": "E09000007"}
    with clock.stopped_at(DURING):
        assert client.post_page("/panel/london-voices", form).h1 == "Look for our message"
        work(DURING, server.url)
        assert people(session) == [("ann@example.test", False)]
        token_link = link_in(server, "ann@example.test", "yes")
        page = client.get_page(token_link)
        assert page.url == "/panel/yes"
        assert people(session) == [("ann@example.test", False)]
        assert client.post_page("/panel/yes", {"answer": "yes"}).h1 == "You are on the panel"
        assert people(session) == [("ann@example.test", True)]
        # Asked once more, she stays as she is and gets no message.
        client.post_page("/panel/london-voices", form)
        work(DURING, server.url)
        assert len(server.accepted) == 1
        way_out = link_in(server, "ann@example.test", "leave")
        assert "List-Unsubscribe" in server.accepted[0][1]
        client.get_page(way_out)
        assert people(session) == [("ann@example.test", True)]
        client.forges = True
        assert client.post(way_out, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert people(session) == []
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


@ONE_DATABASE
def test_whoever_says_no_or_nothing_is_forgotten(session: Session, app: Flask, exercise: Exercise) -> None:
    panel = make_panel(session, people=1)
    with transaction(session):
        service.ask_to_join(
            session, panel=panel, newcomers=[service.Newcomer("late@example.test")], now=DURING
        )
    for days, left in ((30, 2), (31, 1)):
        with transaction(session):
            tasks.forget(session, day_after(days))
        assert len(people(session)) == left
    assert people(session) == [("p0@example.test", True)]


@ONE_DATABASE
def test_joining_is_not_a_way_to_pester_anybody(
    session: Session, client: PageClient, exercise: Exercise
) -> None:
    make_panel(session)
    session.commit()
    with clock.stopped_at(DURING):
        for n in range(6):
            client.post_page("/panel/london-voices", {"address": f"p{n}@example.test", "area_code": ""})
        refused = {"address": "p7@example.test", "area_code": ""}
        assert "Too many tries" in client.post_page("/panel/london-voices", refused, status=422).text
    assert len(people(session)) == 6


def test_a_round_asks_those_asked_least_and_leaves_the_others_in_peace(
    session: Session, exercise: Exercise
) -> None:
    panel = make_panel(session, people=30)
    panel.rest_days = 40
    with transaction(session):
        session.add(
            BouncedAddress(address="p0@example.test", since=DURING - timedelta(days=9), status="5.1.1")
        )
    first = asked_on(session, panel, exercise, DURING, size=15)
    second = asked_on(session, panel, another(session, exercise, "second"), day_after(1), size=14)
    asked = [set(invited(session, round_id)) for round_id in (first, second)]
    assert [len(each) for each in asked] == [15, 14]
    assert not asked[0] & asked[1]
    assert "p0@example.test" not in asked[0] | asked[1]
    with pytest.raises(Refused, match="Only 0 people"):
        asked_on(session, panel, another(session, exercise, "third"), day_after(2))
    assert asked_on(session, panel, another(session, exercise, "fourth"), day_after(40), size=10)


def invited(session: Session, round_id: int) -> list[str]:
    chosen = (
        select(Panellist.address)
        .join(PanelInvitation, PanelInvitation.panellist_id == Panellist.id)
        .where(PanelInvitation.round_id == round_id)
    )
    return list(session.scalars(chosen.order_by(Panellist.address)))


def test_pressing_send_twice_is_one_round_and_a_plan_that_is_out_of_date_is_refused(
    session: Session, exercise: Exercise
) -> None:
    panel = make_panel(session, people=40)
    session.commit()
    plan = plan_for(panel, exercise, size=12)
    drawn = []
    for _ in range(2):
        with transaction(session):
            drawn.append(
                rounds.draw_round(session, actor=OFFICER, plan=plan, threshold=THRESHOLD, now=DURING)
            )
    assert drawn[0] == drawn[1]
    assert session.scalar(select(func.count()).select_from(PanelInvitation)) == 12
    other = plan_for(panel, exercise, size=13)
    with pytest.raises(Refused, match="Another round was drawn"), transaction(session):
        rounds.draw_round(session, actor=OFFICER, plan=other, threshold=THRESHOLD, now=DURING)
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "panel.drawn")).one()
    assert (noted.details["seed"], noted.details["asked"]) == ("SEED", 12)


def test_invitations_are_mailed_once_and_their_secrets_forgotten(
    session: Session,
    server: Sink,
    exercise: Exercise,
    work: Callable[..., None],
    work_long: Callable[[datetime], None],
) -> None:
    round_id = make_round(session, exercise, people=32, size=30)
    for seconds, sent in ((0, 10), (9, 10), (11, 20)):
        work(DURING + timedelta(seconds=seconds), server.url)
        assert len(server.accepted) == sent
    work_long(DURING + timedelta(minutes=3))
    assert sorted(server.copies()) == invited(session, round_id)
    assert set(server.copies().values()) == {1}
    kept = session.scalars(select(OutboxMessage.personal))
    assert list(kept) == [{}] * 30
    mailed = {link_in(server, to, "invitation") for to in server.copies()}
    assert mailed == {f"/panel/invitation?token={secret}" for secret in secrets_of(session, round_id)}


def test_a_reminder_goes_once_to_those_who_have_not_answered_and_not_to_those_who_left(
    session: Session, server: Sink, exercise: Exercise, work_long: Callable[[datetime], None]
) -> None:
    round_id = make_round(session, exercise, people=12, size=12)
    work_long(day_after(0.1))
    first = dict(server.accepted)
    use(session, link_in(server, "p3@example.test", "invitation"))
    with transaction(session):
        service.leave(session, panellist_id=panellist_named(session, "p4@example.test"))
        rounds.remind(session, actor=OFFICER, round_id=round_id, now=day_after(5))
    # Between the press and the sending, one more answers and one more leaves.
    with transaction(session):
        tasks.mail_round(session, day_after(5), {"round_id": round_id, "kind": "reminder", "after": None})
    use(session, link_in(server, "p5@example.test", "invitation"))
    with transaction(session):
        tasks.stop_mail(session, day_after(5))
        service.leave(session, panellist_id=panellist_named(session, "p6@example.test"))
    server.accepted.clear()
    work_long(day_after(5.1))
    assert sorted(server.copies()) == sorted(set(first) - {f"p{n}@example.test" for n in (3, 4, 5, 6)})
    again = [mail.get_content() for to, mail in server.accepted if to == "p0@example.test"]
    assert link_of(again[0]) == link_of(first["p0@example.test"].get_content())
    with pytest.raises(Refused, match="A reminder goes once"), transaction(session):
        rounds.remind(session, actor=OFFICER, round_id=round_id, now=day_after(7))


def link_of(text: str) -> str:
    return next(word for word in text.split() if "/panel/invitation?" in word)


def use(session: Session, link: str) -> None:
    """Use an invitation up as sending a form does."""
    with transaction(session):
        assert rounds.use_invitation(session, hash_of(link.rpartition("=")[2]))


def test_nothing_is_sent_of_a_round_once_its_consultation_is_closed(
    session: Session, server: Sink, exercise: Exercise, work: Callable[..., None]
) -> None:
    make_round(session, exercise)
    with transaction(session):
        tasks.mail_round(session, DURING, {"round_id": 1, "kind": "invitation", "after": None})
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 10
    work(CLOSES + timedelta(hours=1), server.url)
    assert not server.accepted
    with transaction(session):
        tasks.mail_round(session, AFTER, {"round_id": 1, "kind": "invitation", "after": None})
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


@ONE_DATABASE
def test_leaving_keeps_the_invitation_without_a_word_of_whose_it_was(
    session: Session, exercise: Exercise
) -> None:
    make_round(session, exercise, people=10, size=10)
    with transaction(session):
        service.leave(session, panellist_id=panellist_named(session, "p0@example.test"))
    whose = list(session.scalars(select(PanelInvitation.panellist_id)))
    assert (len(whose), whose.count(None)) == (10, 1)


@ONE_DATABASE
def test_ending_a_panel_deletes_its_addresses_and_keeps_its_counts(
    session: Session, exercise: Exercise
) -> None:
    round_id = make_round(session, exercise)
    panel = queries.get_panel(session, "london-voices")
    with transaction(session):
        service.end_panel(session, actor=OFFICER, now=DURING, panel=panel)
    assert people(session) == []
    assert queries.get_round(session, code="london-voices", round_id=round_id).asked == 10
    with pytest.raises(Refused), transaction(session):
        service.ask_to_join(session, panel=panel, newcomers=[service.Newcomer("a@example.test")], now=DURING)
