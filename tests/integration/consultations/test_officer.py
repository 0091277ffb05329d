"""A consultation, as officers take it through its life."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, url_for
from sqlalchemy.orm import Session

from engage.consultations import queries
from engage.consultations.officer import ROOMS
from engage.consultations.rules import State
from engage.foundations import clock
from tests.factories.consultations import make_consultation, make_framework, make_version
from tests.factories.timetable import BEFORE, DURING, OPENS, make_entry
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of

ROOM = "/officer/consultations"


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def state_of(session: Session, slug: str) -> State:
    session.expire_all()
    return queries.get_consultation(session, slug).state


def missing_on(page: Page) -> list[str]:
    return [text_of(gate) for gate in page.all("li", class_="app-gates__gate--missing")]


def test_an_officer_plans_the_consultation_of_an_entry(session: Session, officer_client: PageClient) -> None:
    make_entry(session, slug="priorities")
    make_entry(session, slug="elsewhere", title="Run by others", run_here=False)
    framework = make_framework(session)
    session.commit()
    choice = officer_client.get_page(f"{ROOM}/new")
    assert "Run by others" not in choice.main
    page = officer_client.post_page(f"{ROOM}/new?entry=priorities", {"framework_id": framework.id})
    assert page.h1 == "Policing priorities"
    assert state_of(session, "priorities") is State.PLANNED
    assert "Policing priorities" not in officer_client.get_page(f"{ROOM}/new").main


def test_planning_it_again_is_refused_in_a_sentence(session: Session, officer_client: PageClient) -> None:
    made = make_consultation(session, slug="priorities")
    session.commit()
    page = officer_client.post_page(
        f"{ROOM}/new?entry=priorities", {"framework_id": made.framework_id}, status=422
    )
    assert "This entry has a consultation already." in page.main


@pytest.mark.parametrize(
    ("known", "leads_to"), [(True, "Policing priorities"), (False, "Plan a consultation")]
)
def test_an_entry_leads_to_its_consultation_or_to_planning_one(
    session: Session, officer_client: PageClient, known: bool, leads_to: str
) -> None:
    if known:
        make_consultation(session, slug="priorities")
    else:
        make_entry(session, slug="priorities")
    session.commit()
    assert officer_client.get_page(f"{ROOM}/of-entry/priorities").h1 == leads_to


def test_the_page_names_what_is_missing_and_leads_to_where_it_is_put_right(
    session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, State.ANNOUNCED, instruments=0, slug="priorities", decision_maker="")
    session.commit()
    page = officer_client.get_page(f"{ROOM}/priorities")
    assert [gate.split(" Missing")[0] for gate in missing_on(page)] == ["Who decides", "A questionnaire"]
    assert [link.href for link in page.links if link.text.startswith("Put it right")] == [
        "/officer/timetable/priorities/edit#decision_maker",
        f"{ROOM}/priorities/questionnaires/new",
    ]


def test_it_does_not_open_while_anything_is_missing_however_it_is_asked(
    session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, State.ANNOUNCED, instruments=0, slug="priorities")
    session.commit()
    assert not officer_client.get_page(f"{ROOM}/priorities/open").all(
        "button", class_="govuk-button--primary"
    )
    page = officer_client.post_page(f"{ROOM}/priorities/open", status=422)
    assert "Add at least one questionnaire." in page.main
    assert state_of(session, "priorities") is State.ANNOUNCED


def test_an_officer_takes_it_from_planned_to_closed_by_buttons(
    session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, slug="priorities")
    session.commit()
    page = officer_client.post_page(f"{ROOM}/priorities/announce")
    assert "Groups have been given notice." in page.main
    assert missing_on(page) == []
    officer_client.submit(officer_client.get_page(f"{ROOM}/priorities/open"))
    assert state_of(session, "priorities") is State.OPEN
    officer_client.submit(officer_client.get_page(f"{ROOM}/priorities/close"))
    assert state_of(session, "priorities") is State.CLOSED


def test_the_step_in_its_life_is_marked(session: Session, officer_client: PageClient) -> None:
    make_consultation(session, State.OPEN, slug="priorities")
    session.commit()
    page = officer_client.get_page(f"{ROOM}/priorities")
    steps = [text_of(step) for step in page.find("ol", class_="app-life").iter("li")]
    assert steps[:4] == ["Planned (done)", "Announced (done)", "Open", "Closed"]
    assert text_of(page.find("li", aria_current="step")) == "Open"


def test_the_page_leads_to_every_room_of_the_consultation(
    app: Flask, session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, State.CLOSED, slug="priorities")
    session.commit()
    rooms = officer_client.get_page(f"{ROOM}/priorities").find("nav", class_="app-rooms")
    with app.test_request_context():
        expected = [url_for(endpoint, slug="priorities") for endpoint, _ in ROOMS]
    found = [link.get("href") for link in rooms.iter("a")]
    assert found == ["/officer/timetable/priorities", "/take-part/priorities", *expected]
    assert {f"{ROOM}/priorities/links", f"{ROOM}/priorities/results", f"{ROOM}/priorities/feedback"} <= set(
        found
    )


def test_opening_before_its_day_is_asked_with_a_warning(session: Session, officer_client: PageClient) -> None:
    make_consultation(session, State.ANNOUNCED, slug="priorities")
    session.commit()
    with clock.stopped_at(OPENS.replace(hour=6)):
        page = officer_client.get_page(f"{ROOM}/priorities/open")
        assert "It is planned to open on 5 July 2027 at 9am." in page.main
        officer_client.submit(page)
    assert state_of(session, "priorities") is State.OPEN


def test_a_step_that_was_taken_already_is_refused_in_a_sentence(
    session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, State.CLOSED, slug="priorities")
    session.commit()
    page = officer_client.post_page(f"{ROOM}/priorities/close", status=422)
    assert "This consultation is “Closed” already." in page.main
    page = officer_client.post_page(f"{ROOM}/priorities/announce", status=422)
    assert "This consultation is “Closed”: it cannot become “Announced”." in page.main


def test_an_officer_adds_a_published_version_as_a_questionnaire(
    session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, instruments=0, slug="priorities")
    version, draft = make_version(session), make_version(session, published_at=None)
    session.commit()
    address = f"{ROOM}/priorities/questionnaires/new"
    values = [
        option.get("value") for option in officer_client.get_page(address).find("select").iter("option")
    ]
    assert str(version.id) in values
    assert str(draft.id) not in values
    said = {"version_id": version.id, "title": "The full form", "summary": "Ten minutes.", "code": "full"}
    bad = officer_client.post_page(address, said | {"code": "Full form!"}, status=422)
    assert "Use small letters" in text_of(bad.find("p", id="code-error"))
    page = officer_client.post_page(address, said)
    assert "The full form" in text_of(page.find("tbody"))


def test_the_list_shows_every_consultation_with_its_state(
    session: Session, officer_client: PageClient
) -> None:
    make_consultation(session, State.OPEN, title="Running")
    make_consultation(session, title="Planned one")
    session.commit()
    rows = [text_of(row) for row in officer_client.get_page(f"{ROOM}/").find("tbody").iter("tr")]
    assert rows == [
        "Planned one Planned 5 July 2027 30 September 2027 1",
        "Running Open 2 August 2027 30 September 2027 1",
    ]


@pytest.mark.parametrize("address", ["", "new", "priorities", "priorities/open", "priorities/close"])
def test_coordinators_are_not_admitted(coordinator_client: PageClient, address: str) -> None:
    coordinator_client.get_page(f"{ROOM}/{address}", status=403)


def test_a_consultation_that_is_not_there_is_not_found(officer_client: PageClient) -> None:
    with clock.stopped_at(BEFORE):
        officer_client.get_page(f"{ROOM}/nothing", status=404)
