"""Accounts as administrators, coordinators and their owners see them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import insert, select

from engage.audit.models import AuditEvent
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.groups.models import Group
from engage.people.models import Person
from engage.people.rules import Role
from tests.factories.accounts import give_second_factor, mailed, mailed_address
from tests.factories.groups import make_group
from tests.factories.people import PASSWORD, make_person
from tests.fixtures.client import PageClient
from tests.fixtures.people import JOINED

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEW = "new@example.test"
LIST = "/officer/accounts/"


def person(app: Flask, **overrides: object) -> Person:
    with app.app_context(), transaction(db.session):
        return make_person(db.session, **overrides)  # type: ignore[arg-type]


def group(app: Flask, **overrides: object) -> Group:
    with app.app_context(), transaction(db.session):
        return make_group(db.session, **overrides)


def test_an_administrator_invites_sends_again_and_withdraws(
    app: Flask, administrator_client: PageClient
) -> None:
    form = administrator_client.get_page(f"{LIST}invite")
    given = {"name": "Nia", "email": NEW, "role": "coordinator", "group": "0"}
    assert "A coordinator has a group" in administrator_client.submit(form, given, status=422).main
    page = administrator_client.submit(form, given | {"role": "analyst"})
    assert f"on its way to {NEW}" in page.main
    link = next(link for link in page.links if link.text == "Nia")
    with app.app_context():
        first = mailed_address(db.session, NEW)
    assert "Invited" in administrator_client.get_page(link.href).main
    administrator_client.post_page(f"{link.href}/resend")
    with app.app_context():
        assert mailed_address(db.session, NEW) != first
        assert len(mailed(db.session, NEW)) == 2
    assert "Nia" not in administrator_client.post_page(f"{link.href}/withdraw").find("main").itertext()
    administrator_client.get_page(link.href, status=404)


def test_a_role_is_changed_and_the_person_is_signed_out(
    app: Flask, administrator_client: PageClient, officer_client: PageClient
) -> None:
    cpeg = group(app)
    assert officer_client.person
    form = administrator_client.get_page(f"{LIST}{officer_client.person.id}/role")
    page = administrator_client.submit(form, {"role": "coordinator", "group": str(cpeg.id)})
    assert f"Coordinator, {cpeg.name}" in page.main
    assert officer_client.get("/officer/").status_code == 303
    assert (
        "This is their role already"
        in administrator_client.submit(form, {"role": "coordinator", "group": str(cpeg.id)}, status=422).main
    )


def test_steps_say_what_they_do_and_are_logged(app: Flask, administrator_client: PageClient) -> None:
    ada = person(app, email="ada@example.test")
    with app.app_context(), transaction(db.session):
        give_second_factor(db.session, db.session.merge(ada), clock.now())
    for step, action in (
        ("sign-out", "person.sessions_ended"),
        ("code-off", "person.second_factor_off"),
        ("close", "person.deactivated"),
        ("reopen", "person.reactivated"),
    ):
        page = administrator_client.get_page(f"{LIST}{ada.id}/{step}")
        administrator_client.submit(page)
        with app.app_context():
            last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert (last.action, last.subject) == (action, "person:ada@example.test")
    twice = administrator_client.get_page(f"{LIST}{ada.id}/reopen")
    assert "cannot be done" in administrator_client.submit(twice, status=422).main
    administrator_client.get_page(f"{LIST}{ada.id}/nothing", status=404)


def test_the_only_administrator_is_told_why_they_stay(administrator_client: PageClient) -> None:
    assert administrator_client.person
    page = administrator_client.get_page(f"{LIST}{administrator_client.person.id}/close")
    assert "the only administrator" in administrator_client.submit(page, status=422).main


def test_the_list_takes_as_many_queries_for_one_account_as_for_sixteen_hundred(
    app: Flask,
    administrator_client: PageClient,
    query_count: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    cpeg = group(app, name="Camden CPEG")
    administrator_client.get_page(LIST)
    with query_count() as few:
        administrator_client.get_page(LIST)
    rows = [
        {
            "email": f"c{number}@example.test",
            "name": f"Coordinator {number}",
            "role": Role.COORDINATOR,
            "group_id": cpeg.id,
            "password_hash": None if number % 2 else "x",
            "session_key": f"key-{number}",
            "active": True,
            "created_at": JOINED,
        }
        for number in range(1600)
    ]
    with app.app_context(), transaction(db.session):
        db.session.execute(insert(Person), rows)
    with query_count() as many:
        page = administrator_client.get_page(f"{LIST}?words=camden coordinator&role=coordinator&state=active")
    assert "800 accounts" in page.main
    assert len(few) == len(many)
    assert "No account is like that" in administrator_client.get_page(f"{LIST}?words=%25").main
    assert "800 accounts" in administrator_client.get_page(f"{LIST}?state=lapsed&page=999").main


def test_a_coordinator_invites_below_their_group_only(app: Flask, coordinator_client: PageClient) -> None:
    assert coordinator_client.person
    own = coordinator_client.person.group_id
    below, elsewhere = group(app, parent_id=own, kind="member_group"), group(app)
    somebody = person(app, role=Role.COORDINATOR, group_id=elsewhere.id)
    form = coordinator_client.get_page("/coordinator/people/invite")
    assert f'value="{below.id}"' in form.html
    given = {"name": "Nia", "email": NEW, "group": str(below.id)}
    for wrong in (elsewhere.id, own, 999_999):
        coordinator_client.submit(form, given | {"group": str(wrong)}, status=422)
    taken = coordinator_client.submit(form, given | {"email": somebody.email}, status=422)
    assert "cannot be invited to your groups" in taken.main
    page = coordinator_client.submit(form, given)
    assert "Nia" in page.main
    with app.app_context():
        invited = db.session.scalars(select(Person).where(Person.email == NEW)).one()
    assert f"/coordinator/people/{invited.id}/resend" in page.html
    assert coordinator_client.post(f"/coordinator/people/{somebody.id}/withdraw").status_code == 404
    assert "withdrawn" in coordinator_client.post_page(f"/coordinator/people/{invited.id}/withdraw").main


def test_nobody_is_flooded_with_invitations(app: Flask, coordinator_client: PageClient) -> None:
    assert coordinator_client.person
    below = group(app, parent_id=coordinator_client.person.group_id, kind="member_group")
    invited = person(app, role=Role.COORDINATOR, group_id=below.id, email=NEW, password_hash=None)
    for _ in range(31):
        page = coordinator_client.post_page(f"/coordinator/people/{invited.id}/resend")
    assert "Too many tries" in page.text
    with app.app_context():
        assert len(mailed(db.session, NEW)) == 30


def test_a_coordinator_names_a_successor_and_leaves(app: Flask, coordinator_client: PageClient) -> None:
    form = coordinator_client.get_page("/coordinator/people/hand-over")
    page = coordinator_client.submit(form, {"name": "Nia", "email": NEW})
    assert "ends when they join" in page.main
    form = coordinator_client.get_page("/coordinator/people/leave")
    assert "Nobody else looks after" in form.main
    assert "Your account is closed" in coordinator_client.submit(form).main
    assert coordinator_client.get("/coordinator/").status_code == 303


def test_everybody_changes_their_own_password_and_keeps_this_browser(app: Flask, client: PageClient) -> None:
    ada, elsewhere = person(app), app.test_client()
    for browser in (client, elsewhere):
        browser.post("/sign-in", data={"email": ada.email, "password": PASSWORD})
    form = client.get_page("/account/password")
    given = {"current": PASSWORD, "password": "another long password"}
    assert (
        "Enter the password you have now" in client.submit(form, given | {"current": "no"}, status=422).main
    )
    assert "at least 12" in client.submit(form, given | {"password": "short"}, status=422).main
    assert "Your password is changed" in client.submit(form, given).main
    assert client.get("/officer/").status_code == 200
    assert elsewhere.get("/officer/").status_code == 303


def test_signing_out_everywhere_does(app: Flask, client: PageClient) -> None:
    ada, elsewhere = person(app), app.test_client()
    for browser in (client, elsewhere):
        browser.post("/sign-in", data={"email": ada.email, "password": PASSWORD})
    assert client.post("/account/sign-out-everywhere").status_code == 303
    for browser in (client, elsewhere):
        assert browser.get("/officer/").status_code == 303
