"""Forms typed by two people before they count, and settling what the two differ in."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.refusals import Refused
from engage.people.rules import Role
from engage.responses.models import PaperForm, Response
from engage.responses.paper import queries, service
from engage.responses.paper.service import Outcome
from engage.responses.paper.sheets import read_sheet
from tests.factories.paper import ROOM, TYPED, actions, answers, count, every_kind, make_batch, type_form
from tests.factories.responses import DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.people import add_person, page_client


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture
def second_client(app: Flask) -> PageClient:
    """Another signed-in officer."""
    with app.app_context(), transaction(db.session()) as session:
        person = add_person(session, Role.ADMINISTRATOR)
    client = page_client(app)
    client.sign_in_as(person)
    return client


def test_typed_twice_it_counts_when_two_people_typed_the_same(
    session: Session, officer_client: PageClient, second_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise, twice=True)
    page = type_form(officer_client, batch, 1, TYPED)
    assert "waits for somebody else to type it again" in page.text
    assert count(session, Response) == 0
    page = type_form(officer_client, batch, 1, TYPED, status=422)
    assert "You typed this form the first time. Somebody else types it again." in page.main
    page = second_client.get_page(f"{ROOM}/{batch.code}/1")
    assert "Somebody else has typed this form." in page.main
    assert [box for box in page.all("input", name="first") if box.get("checked") is not None] == []
    type_form(second_client, batch, 1, TYPED)
    assert count(session, Response) == 1
    typed = session.scalars(select(PaperForm)).one()
    assert typed.first_by != typed.second_by


def test_differences_are_listed_by_question_and_settled(
    session: Session, officer_client: PageClient, second_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise, twice=True)
    type_form(officer_client, batch, 1, TYPED)
    page = type_form(second_client, batch, 1, TYPED | {"first": ["asb"], "wait": "5"})
    assert "was typed twice with differences" in page.text
    assert count(session, Response) == 0
    path = f"{ROOM}/{batch.code}/1/differences"
    page = officer_client.get_page(path)
    assert "2 questions differ" in page.main
    assert "Priority roads" in page.main
    assert "How do you mostly travel?" not in page.main
    page = officer_client.post_page(path, {"_right-first": "second"}, status=422)
    assert "Choose which is right in every question." in page.main
    officer_client.post_page(path, {"_right-first": "second", "_right-wait": "first"})
    kept = answers(session)[0]
    assert (kept["first"]["chosen"], kept["wait"]) == (["asb"], {"point": 4})
    assert actions(session)[-1] == "paper.settled"
    # There is nothing left to settle.
    assert officer_client.get_page(path).h1 == "Libraries"
    assert count(session, Response) == 1


def test_where_neither_is_right_a_third_typing_counts(
    session: Session, officer_client: PageClient, second_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise, twice=True)
    type_form(officer_client, batch, 1, TYPED)
    type_form(second_client, batch, 1, TYPED | {"first": ["asb"]})
    path = f"{ROOM}/{batch.code}/1/again"
    page = officer_client.get_page(path)
    ticked = [box.get("value") for box in page.all("input", name="first") if box.get("checked") is not None]
    assert sorted(ticked) == ["asb", "roads"]
    officer_client.post_page(path, TYPED | {"first": ["knives"]})
    assert answers(session)[0]["first"]["chosen"] == ["knives"]
    assert [item["how"] for item in answers(session)] == [{"chosen": "bus"}]


def test_choices_that_lead_nowhere_are_refused_with_what_is_missing(
    session: Session, officer_client: PageClient, second_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise, twice=True)
    without = {name: value for name, value in TYPED.items() if name != "wait"}
    type_form(officer_client, batch, 1, without | {"how": "tube"})
    type_form(second_client, batch, 1, TYPED)
    page = officer_client.post_page(
        f"{ROOM}/{batch.code}/1/differences", {"_right-how": "second", "_right-wait": "first"}, status=422
    )
    assert "This makes no whole form" in page.main
    assert count(session, Response) == 0


def test_the_progress_of_a_batch_adds_up(
    session: Session, officer_client: PageClient, second_client: PageClient, exercise: Exercise
) -> None:
    batch = make_batch(session, exercise, twice=True)
    other = make_batch(session, make_exercise(session, slug="elsewhere"), instrument="postcard")
    for number in (1, 2, 3):
        type_form(officer_client, batch, number, TYPED)
    type_form(second_client, batch, 1, TYPED)
    type_form(second_client, batch, 2, TYPED | {"first": ["asb"]})
    progress = queries.get_batch(session, batch.consultation_id, batch.code).progress
    assert (progress.forms, progress.typed) == (10, 3)
    assert (progress.counted, progress.different, progress.waiting) == ([1], [2], [3])
    assert queries.get_batch(session, other.consultation_id, other.code).progress.typed == 0


def test_of_many_who_type_one_form_at_once_one_is_counted(
    app: Flask, session: Session, exercise: Exercise
) -> None:
    batch_id = make_batch(session, exercise).id
    session.rollback()
    sheet, _problems = read_sheet(every_kind(), TYPED, {}, 0)

    def type_it(typist: int) -> str:
        with app.app_context():
            try:
                with transaction(db.session()) as own:
                    return service.type_form(
                        own, actor=f"Typist {typist}", now=DURING, batch_id=batch_id, number=1, sheet=sheet
                    )
            except Refused as refusal:
                return str(refusal)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as typists:
        said = list(typists.map(type_it, range(6)))
    assert said.count(Outcome.COUNTED) == 1
    assert sum("has been typed already" in one for one in said) == 5
    assert count(session, Response) == 1
