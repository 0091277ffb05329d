"""Where children may answer: an age first, simple words, and no address of a child's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.foundations import clock
from engage.outbox.models import OutboxMessage
from engage.responses.models import Contact, Response, ResponseRevision
from tests.factories.responses import DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page


@pytest.fixture
def exercise(session: Session) -> Exercise:
    made = make_exercise(session)
    made.consultation.children_may_answer = True
    session.commit()
    return made


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


def answer(client: PageClient, exercise: Exercise, age: str) -> Page:
    """Take part in the postcard as somebody of this age and return the receipt's page."""
    path = f"{exercise.path}/postcard"
    page = client.get_page(path)
    assert page.h1 == "How old are you?"
    client.post_page(f"{path}/how-old", {"age": age})
    ticket = client.get_page(path).form_values()["ticket"]
    return client.post_page(f"{path}/send", {"ticket": ticket, "priorities": ["asb"], "area": "outside"})


def leave(client: PageClient, exercise: Exercise, status: int) -> Page:
    return client.post_page(f"{exercise.path}/keep-me-informed", {"address": "a@example.org"}, status=status)


def contacts(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Contact)) or 0


@pytest.mark.parametrize("instrument", ["postcard", "full"])
@pytest.mark.parametrize(
    ("age", "first"),
    [("under_13", "Before you start"), ("13_to_15", "Before you start"), ("16_or_over", None)],
)
def test_everybody_is_asked_first_and_children_read_a_simple_notice(
    client: PageClient, exercise: Exercise, instrument: str, age: str, first: str | None
) -> None:
    path = f"{exercise.path}/{instrument}"
    assert client.get_page(path).h1 == "How old are you?"
    page = client.post_page(f"{path}/how-old", {"age": age})
    if first:
        assert page.h1 == first
        assert "0800 1111" in page.text
        page = client.get_page(next(link.href for link in page.links if link.text == "Start"))
    assert "ticket" in page.form_values()


@pytest.mark.parametrize("said", ["", "12", "toddler"])
def test_no_age_is_no_answer(client: PageClient, exercise: Exercise, said: str) -> None:
    page = client.post_page(f"{exercise.path}/postcard/how-old", {"age": said} if said else {}, status=422)
    assert page.h1 == "How old are you?"


def test_under_13_no_address_is_asked_and_none_is_taken(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    page = answer(client, exercise, "under_13")
    assert page.h1 == "Your answers are stored"
    assert not page.all("input", type="email")
    page = leave(client, exercise, 422)
    assert "We do not take an address from anybody under 13." in page.text
    assert contacts(session) == 0


def test_under_13_no_return_code_is_sent_by_email(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    path = f"{exercise.path}/full"
    client.get_page(path)
    client.post_page(f"{path}/how-old", {"age": "under_13"})
    page = client.submit(client.get_page(path), {"priorities-1-priority": "Noise", "go": "save"})
    assert page.h1 == "Your form is saved"
    assert not page.all("input", type="email")
    page = client.post_page(f"{path}/saved-for-later", {"address": "a@example.org"}, status=422)
    assert "We do not take an address from anybody under 13." in page.text
    session.rollback()
    assert session.scalars(select(OutboxMessage)).all() == []


@pytest.mark.parametrize("age", ["13_to_15", "16_or_over"])
def test_from_13_on_an_address_can_be_left(
    client: PageClient, session: Session, exercise: Exercise, age: str
) -> None:
    assert answer(client, exercise, age).all("input", type="email")
    leave(client, exercise, 200)
    assert contacts(session) == 1


def test_whose_age_we_do_not_know_is_treated_as_a_child(
    client: PageClient, session: Session, exercise: Exercise
) -> None:
    leave(client, exercise, 422)
    assert contacts(session) == 0


def test_the_next_person_on_the_same_device_is_asked_again(client: PageClient, exercise: Exercise) -> None:
    answer(client, exercise, "16_or_over")
    assert client.get_page(f"{exercise.path}/postcard").h1 == "How old are you?"


def test_a_browser_without_cookies_is_asked_once_and_comes_to_the_form(
    app: object, make_client: Callable[[], PageClient] | None, exercise: Exercise
) -> None:
    assert make_client is not None
    client = make_client()
    page = client.post_page(f"{exercise.path}/postcard/how-old", {"age": "16_or_over"})
    assert "ticket" in page.form_values()


@pytest.fixture
def make_client(client: PageClient) -> Callable[[], PageClient]:
    """Clients that forget every cookie they are given."""

    def make() -> PageClient:
        client._cookies.clear()
        plain = client.application.test_client(use_cookies=False)
        assert isinstance(plain, PageClient)
        plain.forges = True
        return plain

    return make


def test_the_age_is_stored_with_nothing(client: PageClient, session: Session, exercise: Exercise) -> None:
    answer(client, exercise, "under_13")
    session.rollback()
    revision = session.scalars(select(ResponseRevision)).one()
    assert revision.answers
    assert set(revision.answers) == {"priorities", "area"}
    assert revision.equality is None
    assert not {"age", "age_band"} & {column.name for column in Response.__table__.columns}


def test_where_only_adults_are_asked_nobody_is_asked_for_an_age(client: PageClient, session: Session) -> None:
    adults = make_exercise(session, "adults")
    assert "ticket" in client.get_page(f"{adults.path}/postcard").form_values()
    page = client.get_page(f"{adults.path}/postcard/how-old")
    assert page.h1 != "How old are you?"
