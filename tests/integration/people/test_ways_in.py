"""The pages of joining, the second step and a forgotten password, as a person walks them."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.jobs import Job
from engage.foundations.settings import SecondFactor, Settings
from engage.people import joining, rules, second_factor
from engage.people.models import Person
from engage.people.rules import Role
from engage.people.tasks import TASKS
from tests.factories.accounts import code_of, give_second_factor, mailed_address
from tests.factories.groups import make_group
from tests.factories.people import PASSWORD, make_person
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ADA = "ada@example.test"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings as production has them."""
    return dataclasses.replace(settings, second_factor=SecondFactor.REQUIRED)


@pytest.fixture
def add(app: Flask) -> Callable[..., Person]:
    def add(email: str = ADA, **overrides: object) -> Person:
        with app.app_context(), transaction(db.session):
            if overrides.get("role") is Role.COORDINATOR:
                overrides["group_id"] = make_group(db.session).id
            return make_person(db.session, email=email, name="Ada", **overrides)

    return add


def sign_in(client: PageClient, email: str = ADA, password: str = PASSWORD) -> Page:
    return client.post_page("/sign-in", {"email": email, "password": password})


def secret_shown(page: Page) -> str:
    return "".join(page.find("strong", class_="app-key").itertext()).replace(" ", "")


def shown_codes(page: Page) -> list[str]:
    return ["".join(each.itertext()) for each in page.all("li", class_="app-codes__code")]


def test_an_officer_sets_up_a_code_before_anything_else(
    add: Callable[..., Person], client: PageClient
) -> None:
    add()
    page = sign_in(client)
    assert page.h1 == "Set up your code"
    for elsewhere in ("/officer/", "/account/", "/officer/timetable/"):
        assert client.get(elsewhere).location.startswith("/sign-in?next=")
    assert page.find("img", width="240").get("src", "").startswith("data:image/svg+xml")
    assert "Enter the six digits" in client.submit(page, {"code": "12"}, status=422).main
    assert secret_shown(client.get_page("/sign-in/second-factor")) == secret_shown(page)
    codes = client.submit(page, {"code": second_factor.code_at(secret_shown(page), clock.now())})
    assert codes.h1 == "Your recovery codes"
    assert len(shown_codes(codes)) == rules.RECOVERY_CODES
    assert client.get_page("/officer/").h1 == "Desk"


def test_a_coordinator_goes_straight_to_the_desk_and_may_choose_a_code(
    add: Callable[..., Person], client: PageClient
) -> None:
    add(role=Role.COORDINATOR)
    sign_in(client)
    page = client.get_page("/account/second-factor")
    given = {"code": second_factor.code_at(secret_shown(page), clock.now()), "current": PASSWORD}
    assert "Enter the password you have now" in client.submit(page, given | {"current": "x"}, status=422).main
    assert len(shown_codes(client.submit(page, given))) == rules.RECOVERY_CODES
    off = client.get_page("/account/second-factor/off")
    assert "password alone" in client.submit(off, {"current": PASSWORD}).main


def test_the_right_password_alone_opens_nothing(
    app: Flask, add: Callable[..., Person], client: PageClient
) -> None:
    person = add()
    with app.app_context(), transaction(db.session):
        codes = give_second_factor(db.session, db.session.merge(person), NOW)
    with clock.stopped_at(NOW + timedelta(minutes=5)):
        page = client.post_page(
            "/sign-in", {"email": ADA, "password": PASSWORD, "next": "/officer/timetable/"}
        )
        assert page.h1 == "Enter your code"
        assert client.get("/officer/").status_code == 303
        # Nor can another secret be set up halfway.
        assert client.get("/sign-in/second-factor").location == "/sign-in/code"
        with app.app_context():
            code = code_of(db.session.scalars(select(Person)).one(), clock.now())
        answer = client.post("/sign-in/code", data={"code": code})
        assert answer.location == "/officer/timetable/"
        client.post("/sign-out")
        page = sign_in(client)
        assert "used already" in client.submit(page, {"code": code}, status=422).main
        page = client.get_page("/sign-in/recovery-code")
        assert "9 recovery codes left" in client.submit(page, {"code": codes[0]}).main


def test_the_second_step_ends_with_time_and_with_the_password(
    app: Flask, add: Callable[..., Person], client: PageClient
) -> None:
    add()
    with clock.stopped_at(NOW):
        sign_in(client)
    with clock.stopped_at(NOW + rules.HALFWAY_LASTS + timedelta(seconds=1)):
        assert client.get("/sign-in/second-factor").location == "/sign-in"


def test_wrong_codes_are_counted_and_the_person_can_still_use_a_recovery_code(
    app: Flask, add: Callable[..., Person], client: PageClient
) -> None:
    person = add()
    with app.app_context(), transaction(db.session):
        codes = give_second_factor(db.session, db.session.merge(person), clock.now())
    page = sign_in(client)
    for _ in range(rules.TRIES_FOR_ONE_NAME):
        client.submit(page, {"code": "000000"}, status=422)
    assert "Too many tries" in client.submit(page, {"code": "000000"}, status=422).main
    page = client.get_page("/sign-in/recovery-code")
    assert "9 recovery codes left" in client.submit(page, {"code": codes[3]}).main


def test_an_invited_member_joins_and_sets_up_a_code(
    app: Flask, add: Callable[..., Person], client: PageClient
) -> None:
    grace = add("grace@example.test", role=Role.ADMINISTRATOR)
    with app.app_context(), transaction(db.session):
        joining.invite(
            db.session,
            email=ADA,
            name="Ada",
            role=Role.MEMBER,
            group_id=None,
            group="",
            by=grace,
            now=clock.now(),
        )
    with app.app_context():
        way_in = mailed_address(db.session, ADA)
    answer = client.get(way_in)
    # The secret leaves the address before anything else is loaded, and is not in the cookie either.
    assert answer.location == "/join/password"
    with client.session_transaction() as held:
        assert way_in.partition("key=")[2] not in str(dict(held))
    page = client.get_page(way_in)
    assert "at least 12 characters" in client.submit(page, {"password": "short"}, status=422).main
    assert client.submit(page, {"password": PASSWORD}).h1 == "Set up your code"
    assert client.get_page(way_in, status=404).h1 == "This link does not work any more"


def test_a_forgotten_password_is_chosen_again_by_mail(
    app: Flask, add: Callable[..., Person], client: PageClient
) -> None:
    add(role=Role.COORDINATOR)
    asked = [client.post("/forgotten-password", data={"email": email}) for email in (ADA, "no@example.test")]
    assert {(answer.status_code, answer.location) for answer in asked} == {(303, "/forgotten-password/sent")}
    with app.app_context(), transaction(db.session):
        for job in db.session.scalars(select(Job).order_by(Job.id)):
            TASKS[job.name](db.session, clock.now(), job.arguments)
    with app.app_context():
        page = client.get_page(mailed_address(db.session, ADA))
    assert page.h1 == "Choose a new password"
    assert client.submit(page, {"password": "another long password"}).h1 == "Sign in"
    assert sign_in(client, password="another long password").url == "/coordinator/"


def test_asking_again_and_again_is_refused_and_so_is_trying_keys(client: PageClient) -> None:
    for _ in range(30):
        assert client.post("/forgotten-password", data={"email": ADA}).status_code == 303
    answer = client.post("/forgotten-password", data={"email": ADA})
    assert (answer.status_code, "Too many tries" in answer.get_data(as_text=True)) == (422, True)
    for _ in range(30):
        client.get("/join/?key=guess", follow_redirects=True)
    assert "Too many tries" in client.get_page("/join/?key=guess", status=404).main


def test_no_secret_is_logged(
    app: Flask, add: Callable[..., Person], client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    add()
    with caplog.at_level(logging.DEBUG):
        page = sign_in(client)
        secret = secret_shown(page)
        code = second_factor.code_at(secret, clock.now())
        codes = shown_codes(client.submit(page, {"code": code}))
        client.get("/join/?key=a-mailed-secret", follow_redirects=True)
        app.logger.warning("this is written")
    assert "this is written" in caplog.text
    for kept_quiet in (PASSWORD, secret, code, "a-mailed-secret", ADA, *codes):
        assert kept_quiet not in caplog.text
