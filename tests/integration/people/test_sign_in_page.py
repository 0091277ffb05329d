from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from flask import Flask
from sqlalchemy import func, select

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.tries import Try
from engage.people import rules, service, trying
from engage.people.models import Person
from engage.people.rules import Role
from tests.factories.groups import make_group
from tests.factories.people import PASSWORD, make_person
from tests.fixtures.client import PageClient

ADA = "ada@example.test"


@pytest.fixture
def people(app: Flask) -> None:
    with app.app_context(), transaction(db.session):
        make_person(db.session, email=ADA, name="Ada")
        make_person(
            db.session, email="cora@example.test", role=Role.COORDINATOR, group_id=make_group(db.session).id
        )
        make_person(db.session, email="gone@example.test", active=False)


def sign_in(client: PageClient, email: str = ADA, password: str = PASSWORD, after: str = "") -> str | None:
    """Return where a right email address and password lead to."""
    response = client.post("/sign-in", data={"email": email, "password": password, "next": after})
    return response.location if response.status_code == 303 else None


def test_officers_and_coordinators_come_to_their_own_desk(
    people: None, app: Flask, client: PageClient
) -> None:
    assert sign_in(client) == "/officer/"
    assert sign_in(app.test_client(), "cora@example.test") == "/coordinator/"  # type: ignore[arg-type]


def test_the_page_asks_for_both_and_says_what_is_missing(people: None, client: PageClient) -> None:
    page = client.get_page("/sign-in")
    assert "Sign in" in page.text
    assert "Enter your email address" in client.submit(page, status=422).text


def test_wrong_and_unknown_read_the_same(people: None, client: PageClient) -> None:
    answers = {
        client.post("/sign-in", data={"email": email, "password": password})
        .get_data(as_text=True)
        .replace(email, "")
        for email, password in (
            (ADA, "a wrong long password"),
            ("nobody@example.test", PASSWORD),
            ("gone@example.test", PASSWORD),
        )
    }
    texts = {"Enter the right email address and password" in answer for answer in answers}
    assert texts == {True}
    assert client.get("/officer/audit/").status_code == 303


def test_the_way_on_is_kept_and_never_leads_elsewhere(people: None, app: Flask, client: PageClient) -> None:
    asked = client.get("/officer/audit/?page=2")
    assert asked.location == "/sign-in?next=/officer/audit/?page%3D2"
    page = client.get_page(asked.location)
    assert page.form_values()["next"] == "/officer/audit/?page=2"
    assert sign_in(client, after="/officer/audit/?page=2") == "/officer/audit/?page=2"
    for bad in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        assert sign_in(app.test_client(), after=bad) == "/officer/"  # type: ignore[arg-type]


def test_whoever_is_signed_in_already_goes_on(people: None, client: PageClient) -> None:
    sign_in(client)
    assert client.get("/sign-in").location == "/officer/"
    assert client.get("/sign-in?next=//elsewhere.example").location == "/officer/"


def test_signing_in_starts_a_new_session(people: None, client: PageClient) -> None:
    with client.session_transaction() as held:
        held["left_by_a_stranger"] = "yes"
    sign_in(client)
    with client.session_transaction() as held:
        assert "left_by_a_stranger" not in held
        assert held["_user_id"].startswith("session-")


def test_signing_out_is_a_post_and_ends_it(people: None, client: PageClient) -> None:
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/officer/audit/").status_code == 200
    assert client.post("/sign-out").location == "/"
    assert client.get("/officer/audit/").status_code == 303


def test_a_new_password_signs_every_browser_out(people: None, app: Flask, client: PageClient) -> None:
    sign_in(client)
    with app.app_context(), transaction(db.session):
        person = db.session.scalars(select(Person).where(Person.email == ADA)).one()
        service.change_password(
            db.session,
            person_id=person.id,
            password="another long password",
            now=person.created_at,
            actor="engage",
        )
    assert client.get("/officer/audit/").status_code == 303
    assert sign_in(client, password=PASSWORD) is None
    assert sign_in(client, password="another long password") == "/officer/"


def test_a_form_from_another_site_signs_nobody_in(people: None, client: PageClient) -> None:
    client.forges = True
    assert client.post("/sign-in", data={"email": ADA, "password": PASSWORD}).status_code == 400
    assert client.get("/officer/audit/").status_code == 303


def test_too_many_tries_are_told_to_wait_even_with_the_right_password(
    people: None, app: Flask, client: PageClient
) -> None:
    for _ in range(rules.TRIES_FOR_ONE_NAME):
        assert sign_in(client, password="x" * 300) is None
    # Passwords that the form itself refuses are not tries.
    assert sign_in(client) == "/officer/"
    client.post("/sign-out")
    with app.app_context(), transaction(db.session):
        for _ in range(rules.TRIES_FOR_ONE_NAME):
            trying.count_try(db.session, email=ADA, address="127.0.0.1", now=clock.now())
    answer = client.post("/sign-in", data={"email": ADA, "password": PASSWORD})
    assert answer.status_code == 422
    assert "Wait 15 minutes" in answer.get_data(as_text=True)


def test_a_failed_try_is_remembered_and_a_success_forgets_it(
    people: None, app: Flask, client: PageClient
) -> None:
    sign_in(client, password="a wrong long password")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Try)) == 2
    sign_in(client)
    with app.app_context():
        # What is left is the failure, counted for the address alone.
        assert db.session.scalar(select(func.count()).select_from(Try)) == 1
        actions = db.session.scalars(select(AuditEvent.action)).all()
    assert actions == ["person.signed_in"]


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(people: None, client: PageClient) -> None:
    response = client.post("/sign-in", data={"email": ADA, "password": PASSWORD})
    cookie = SimpleCookie(response.headers["Set-Cookie"])["engage"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
