"""Officers see who has hardly been heard and ask the groups that reach them; these say they pass it on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis import service
from engage.consultations.rules import State
from engage.distribution.models import OutreachRequest
from engage.foundations import clock
from engage.groups.models import Group, GroupCommunity, GroupContact
from engage.groups.rules import Community, GroupKind
from engage.outbox.models import OutboxMessage
from engage.responses.models import RevisionKind
from tests.factories.analysis import make_response, revise
from tests.factories.groups import make_group
from tests.factories.responses import DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient

HERE = "/officer/consultations/priorities/heard"
ASK = f"{HERE}/ask?community=older_people"
CAMDEN, BARNET = "E09000007", "E09000003"


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session, state=State.OPEN)


@pytest.fixture
def counted(session: Session, exercise: Exercise, app: Flask) -> None:
    """Sixty answers of young people in Camden, one of an older person in Barnet, and a snapshot of them."""
    for number in range(61):
        response = make_response(
            session, exercise, chosen=("fraud",), area=BARNET if number == 60 else CAMDEN
        )
        age = "65_plus" if number == 60 else "16-24"
        equality = {"version": "2026-1", "answers": {"age_band": age}}
        revise(session, response, RevisionKind.EQUALITY, {"area": {}}, equality)
    session.commit()
    folder = Path(app.config["SETTINGS"].instance) / "evidence"
    prepared = service.prepare(
        session, consultation_id=exercise.consultation.id, name="priorities", now=DURING, folder=folder
    )
    service.record(session, prepared=prepared, now=DURING)
    session.commit()


def elders(session: Session, **overrides: object) -> Group:
    """Return a group that older people go to, with an address."""
    group = make_group(session, **{"name": "Elders’ Forum", "kind": GroupKind.VOLUNTARY, **overrides})
    session.add(GroupCommunity(group_id=group.id, community=Community.OLDER_PEOPLE))
    session.add(GroupContact(group_id=group.id, name="Ola", email=f"ola{group.id}@example.test"))
    session.commit()
    return group


def test_before_anything_is_counted_the_page_says_so(officer_client: PageClient, exercise: Exercise) -> None:
    assert "Nothing has been counted yet" in officer_client.get_page(HERE).main


def test_the_least_heard_come_first_and_few_are_withheld(officer_client: PageClient, counted: None) -> None:
    with clock.stopped_at(DURING):
        page = officer_client.get_page(HERE)
    text = page.main
    assert text.index("Barnet") < text.rindex("Camden")
    assert "Hardly heard" in text
    assert "withheld" in text
    assert "16 to 24 As much as others withheld" in " ".join(page.text.split())
    assert "65 or over Hardly heard withheld" in " ".join(page.text.split())
    assert f"{HERE}/ask?area={BARNET}" in [link.href for link in page.links]
    assert ASK in [link.href for link in page.links]
    assert f"{HERE}/ask?area={CAMDEN}" not in [link.href for link in page.links]


def test_the_groups_that_reach_them_are_asked_once_by_mail_and_on_their_page(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    asked, youth = elders(session), make_group(session, name="Youth Club")
    vacant = elders(session, name="Closed Club", active=False)
    session.commit()
    with clock.stopped_at(DURING):
        page = officer_client.get_page(ASK)
        assert "Elders’ Forum" in page.main
        assert youth.name not in page.main
        assert vacant.name not in page.main
        for _ in range(2):
            officer_client.post_page(
                ASK, {"groups": [str(asked.id), str(youth.id)], "message": "Please <b>pass it on</b>."}
            )
    requests = session.scalars(select(OutreachRequest)).all()
    assert [(each.group_id, each.community) for each in requests] == [(asked.id, "older_people")]
    mails = session.scalars(select(OutboxMessage)).all()
    assert [mail.recipient for mail in mails] == [f"ola{asked.id}@example.test"]
    with clock.stopped_at(DURING + timedelta(days=8)):
        officer_client.post_page(ASK, {"groups": [str(asked.id)], "message": "Once more, please."})
    assert session.scalar(select(func.count()).select_from(OutreachRequest)) == 2


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    group = elders(session)
    with clock.stopped_at(DURING):
        page = officer_client.post_page(ASK, {"message": "Please pass it on."}, status=422)
        assert "Choose at least one group." in page.main
        assert "Please pass it on." in page.main
        page = officer_client.post_page(ASK, {"groups": [str(group.id)], "message": "x" * 10_000}, status=422)
        assert "at most 2000 characters" in page.main.replace(",", "")
    with clock.stopped_at(exercise.consultation.closes_at):
        page = officer_client.post_page(ASK, {"groups": [str(group.id)], "message": "Too late."}, status=422)
    assert "Nobody can answer any more" in page.main
    officer_client.get_page(f"{HERE}/ask", 404)
    officer_client.get_page(f"{HERE}/ask?area=nowhere", 404)
    assert session.scalar(select(func.count()).select_from(OutreachRequest)) == 0


def test_a_coordinator_sees_what_their_groups_are_asked_and_says_they_pass_it_on(
    officer_client: PageClient, coordinator_client: PageClient, exercise: Exercise, session: Session
) -> None:
    person = coordinator_client.person
    assert person is not None
    below = elders(session, name="Walthamstow Elders", kind=GroupKind.MEMBER_GROUP, parent_id=person.group_id)
    other = elders(session, name="Somebody else")
    with clock.stopped_at(DURING):
        officer_client.post_page(ASK, {"groups": [str(below.id), str(other.id)], "message": "Please ask."})
        page = coordinator_client.get_page("/coordinator/requests/")
        assert "Walthamstow Elders" in page.main
        assert "Somebody else" not in page.main
        mine, others = session.scalars(select(OutreachRequest).order_by(OutreachRequest.group_id)).all()
        page = coordinator_client.post_page(f"/coordinator/requests/{mine.id}", {})
        assert "You pass it on" in page.main
        coordinator_client.post_page(f"/coordinator/requests/{others.id}", status=404)
    session.expire_all()
    assert mine.seen_at == DURING
    assert others.seen_at is None
    with clock.stopped_at(exercise.consultation.closes_at):
        assert "Nothing is asked" in coordinator_client.get_page("/coordinator/requests/").main
